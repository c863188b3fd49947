import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SeededRandom } from '../domain/random.ts';
import { SharedSync } from './shared-sync.ts';

test('those that wait for the same folder share the next sync, and none is content with one that had begun', async (t) => {
  const seed = 7;
  t.diagnostic(`seed ${seed}`);
  const random = new SeededRandom(seed);
  let clock = 0;
  const begun = new Map<string, number[]>();
  const shared = new SharedSync(async (path) => {
    begun.set(path, [...(begun.get(path) ?? []), ++clock]);
    await pause(random.int(4));
  });
  const asks = Array.from({ length: 200 }, async () => {
    await pause(random.int(20));
    const path = `folder ${random.int(3)}`;
    const askedAt = clock;
    await shared.sync(path);
    assert.ok(
      begun.get(path)!.some((at) => at > askedAt),
      `${path} was not synced after ${askedAt}`,
    );
  });
  await Promise.all(asks);
  const syncs = [...begun.values()].flat().length;
  assert.ok(syncs < 100, `${syncs} syncs for 200 that asked`);
});

test('a failure is that of all who waited for it, and the next one begins anew', async () => {
  let fail = false;
  const shared = new SharedSync(async () => {
    const failing = fail;
    await pause(1);
    if (failing) throw new Error('disk full');
  });
  const first = shared.sync('a');
  fail = true;
  const [second, third] = [shared.sync('a'), shared.sync('a')];
  await first;
  await assert.rejects(second, /disk full/);
  await assert.rejects(third, /disk full/);
  fail = false;
  await shared.sync('a');
});

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Grid, Volume } from '#core/domain/geometry.ts';
import { paperPlan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { CaseScratch, type PreparedCase, planesOf } from './case-scratch.ts';
import { beginning, learn, planCourse } from './learn.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-scratch-'));
after(() => rmSync(directory, { recursive: true }));

const grid: Grid = { size: [48, 48, 32], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const [pixels, count] = [48 * 48, 48 * 48 * 32];

function study(seed: number): PreparedCase {
  const random = new SeededRandom(seed);
  const volume = (draw: () => number): Volume<Uint8Array> => ({ grid, data: Uint8Array.from({ length: count }, draw) });
  const brainMask = { grid, data: new Uint8Array(count).fill(1, 4 * pixels, 28 * pixels) };
  const labels = { grid, data: new Uint16Array(count) };
  labels.data[10 * pixels + 900] = 300;
  return { sequences: [volume(() => random.int(256)), volume(() => random.int(256))], labels, brainMask };
}

test('what is read is what was added, and the file has no name', () => {
  const scratch = new CaseScratch(directory);
  const studies = [1, 2, 3].map(study);
  const stored = studies.map((one) => scratch.add(one));
  assert.deepEqual(readdirSync(directory), []);
  assert.equal(scratch.sizeBytes, 3 * 4 * count);
  stored.forEach((one, n) => {
    const { sequences, brainMask } = studies[n]!;
    const planes = planesOf(one);
    const voxels = one.read(9, 3);
    const plane = (slice: number, which: number): Uint8Array =>
      voxels.subarray((slice * planes.count + which) * pixels, (slice * planes.count + which + 1) * pixels);
    for (let slice = 0; slice < 3; slice++) {
      const [from, to] = [(9 + slice) * pixels, (10 + slice) * pixels];
      sequences.forEach(({ data }, s) => {
        assert.deepEqual(plane(slice, s), data.subarray(from, to));
      });
      assert.deepEqual(plane(slice, planes.brain), brainMask.data.subarray(from, to));
    }
    // Any number of a lesion is 1.
    assert.deepEqual([plane(1, planes.label)[900], plane(0, planes.label)[900]], [1, 0]);
    assert.deepEqual([one.withBrain[0], one.withBrain.at(-1), one.withLesion], [4, 27, [10]]);
    assert.deepEqual(one.extent[2], [4, 27]);
  });
  assert.throws(() => stored[0]!.read(30, 3), /no slices 30 to 32 among 32/);
  const empty = { ...studies[0]!, labels: { grid, data: new Uint16Array(count) } };
  assert.throws(() => scratch.add({ ...empty, brainMask: { grid, data: new Uint8Array(count) } }), /empty/);
  scratch.close();
});

test('memory does not grow with the number of studies', async (t) => {
  const plan = { ...paperPlan, sizePixels: 48, sequences: ['BRAVO', 'FLAIR'] as const, batchSize: 4, epochs: 1 };
  const megabytes = async (studies: number): Promise<number> => {
    const scratch = new CaseScratch(directory);
    const stored = Array.from({ length: studies }, (_, n) => scratch.add(study(n)));
    const course = { ...planCourse(stored, plan), steps: 20 };
    const taken = { step: () => ({ loss: 1 }), accumulate: () => ({ loss: 1 }) };
    let used = 0;
    for await (const _ of learn(taken, course, beginning(plan))) {
      globalThis.gc?.();
      // What was collected is freed a little later.
      await sleep(20);
      used = process.memoryUsage().arrayBuffers;
    }
    scratch.close();
    return used / 2 ** 20;
  };
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as typeof globalThis.gc;
  const [few, many] = [await megabytes(4), await megabytes(60)];
  t.diagnostic(
    `${few.toFixed(1)} MB with 4 studies, ${many.toFixed(1)} MB with 60 (${(60 * 4 * count) / 2 ** 20} MB of voxels)`,
  );
  assert.ok(many - few < 1, `${few} MB with 4 studies, ${many} MB with 60`);
});

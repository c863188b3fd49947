import assert from 'node:assert/strict';
import test from 'node:test';
import { Together } from './together.ts';

test('what comes while some are done is done together afterwards', async () => {
  const done: string[][] = [];
  const first = Promise.withResolvers<void>();
  const all = Promise.withResolvers<void>();
  const line = new Together<string>(
    (waiting) => waiting,
    async (chosen) => {
      done.push([...chosen]);
      if (done.length === 1) await first.promise;
      else all.resolve();
    },
  );
  line.add('a');
  line.add('b');
  line.add('c', 'd');
  assert.deepEqual(done, [['a']]);
  first.resolve();
  await all.promise;
  assert.deepEqual(done, [['a'], ['b', 'c', 'd']]);
});

test('what has to wait is done once it is looked for again', async () => {
  const done: number[] = [];
  let most = 1;
  const line = new Together<number>(
    (waiting) => waiting.filter((piece) => piece <= most),
    async (chosen) => void done.push(...chosen),
  );
  line.add(2, 1);
  await line.look();
  assert.deepEqual(done, [1]);
  most = 2;
  await line.look();
  assert.deepEqual(done, [1, 2]);
});

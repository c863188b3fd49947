import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ThreadLost, ThreadPool } from './thread-pool.ts';

/** A thread that does what it is told by name. */
const program = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ kind, bytes, ms }) => {
      if (kind === 'hang') for (;;);
      if (kind === 'throw') throw new Error('thrown');
      if (kind === 'exit') process.exit(3);
      if (kind === 'wait') return void setTimeout(() => parentPort.postMessage(threadId), ms);
      if (kind === 'last') setTimeout(() => process.exit(4), 20);
      parentPort.postMessage(bytes ? bytes.length : threadId);
    });`)}`,
);
const lost = (reason: string) => (error: unknown) => error instanceof ThreadLost && error.reason === reason;

test('work that hangs, throws or exits is ended with its thread; the next finds a new one', async () => {
  const pool = new ThreadPool(program, { threads: 1, maxHeapMib: 64 });
  const began = performance.now();
  await assert.rejects(pool.run({ kind: 'hang' }, [], 300), lost('TIME'));
  for (const kind of ['throw', 'exit']) await assert.rejects(pool.run({ kind }, [], 5000), lost('CRASH'));
  assert.equal(typeof (await pool.run<number>({ kind: 'id' }, [], 5000)), 'number');
  assert.ok(performance.now() - began < 30_000);
});

test('the event loop turns while a thread hangs', async () => {
  const pool = new ThreadPool(program, { threads: 1, maxHeapMib: 64 });
  const hanging = assert.rejects(pool.run({ kind: 'hang' }, [], 1000), lost('TIME'));
  let turns = 0;
  const turning = setInterval(() => turns++, 10);
  await hanging;
  clearInterval(turning);
  assert.ok(turns > 20, `${turns} turns in a second`);
});

test('threads are used again, work waits for one, and its time begins with its turn', async () => {
  const pool = new ThreadPool(program, { threads: 2, maxHeapMib: 64 });
  const ids = await Promise.all(
    Array.from({ length: 8 }, () => pool.run<number>({ kind: 'wait', ms: 150 }, [], 10_000)),
  );
  assert.equal(new Set(ids).size, 2);
  const one = new ThreadPool(program, { threads: 1, maxHeapMib: 64 });
  await one.run({ kind: 'id' }, [], 10_000);
  // Three times half a second, each within its second.
  await Promise.all(Array.from({ length: 3 }, () => one.run({ kind: 'wait', ms: 500 }, [], 1000)));
});

test('bytes are moved, not copied', async () => {
  const pool = new ThreadPool(program, { threads: 1, maxHeapMib: 64 });
  const bytes = new Uint8Array(1000);
  assert.equal(await pool.run({ kind: 'size', bytes }, [bytes.buffer], 10_000), 1000);
  assert.equal(bytes.length, 0);
});

test('a thread that dies between two works is not used', async () => {
  const pool = new ThreadPool(program, { threads: 1, maxHeapMib: 64 });
  const first = await pool.run<number>({ kind: 'last' }, [], 10_000);
  await sleep(300);
  assert.notEqual(await pool.run<number>({ kind: 'id' }, [], 10_000), first);
});

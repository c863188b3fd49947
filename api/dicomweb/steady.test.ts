import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MultipartError } from './multipart.ts';
import { steady } from './steady.ts';

async function* chunks(...pausesMs: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [n, pause] of pausesMs.entries()) {
    await sleep(pause, undefined, { ref: false });
    yield Uint8Array.of(n);
  }
}

test('bytes pass while they keep coming, however long their reader takes', async () => {
  const seen: number[] = [];
  for await (const [byte] of steady(chunks(0, 10, 10), 400)) {
    seen.push(byte!);
    await sleep(500);
  }
  assert.deepEqual(seen, [0, 1, 2]);
});

test('a silent stream is given up, with what came before', async () => {
  const seen: number[] = [];
  const began = performance.now();
  await assert.rejects(
    async () => {
      for await (const [byte] of steady(chunks(0, 60_000), 200)) seen.push(byte!);
    },
    (error) => error instanceof MultipartError && error.code === 'TRUNCATED',
  );
  assert.deepEqual(seen, [0]);
  assert.ok(performance.now() - began < 20_000);
});

test('who stops reading ends the stream', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(1);
    } finally {
      ended = true;
    }
  }
  for await (const _ of steady(endless(), 1000)) break;
  assert.equal(ended, true);
});

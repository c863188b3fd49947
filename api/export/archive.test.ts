import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fromBufferPromise } from 'yauzl';
import { SeededRandom } from '#core/domain/random.ts';
import { sha256Hex } from '#core/storage/content.ts';
import { archiveOf, type SentFile } from './archive.ts';
import type { ExportFile } from './contents.ts';

const modified = new Date('2026-01-02T03:04:05Z');
const never = new AbortController().signal;
/** Noise, which does not shrink. */
function noise(seed: number, sizeBytes: number): Uint8Array {
  const random = new SeededRandom(seed);
  return Uint8Array.from({ length: sizeBytes }, () => random.int(256));
}
const fileOf = (n: number, sizeBytes: number): ExportFile => ({
  ...{ path: `folder/${n}.bin`, bytes: noise(n, sizeBytes), compress: n % 2 === 0 },
});

async function* filesOf(count: number, sizeBytes: number, asked: number[] = []): AsyncGenerator<ExportFile> {
  for (let n = 0; n < count; n++) {
    asked.push(n);
    yield fileOf(n, sizeBytes);
  }
}

test('each file arrives whole under its path, and is told with its hash', async () => {
  const told: SentFile[] = [];
  const archive = archiveOf(filesOf(5, 200_000), { modified, onFile: (file) => told.push(file), signal: never });
  const zip = await fromBufferPromise(Buffer.concat(await archive.toArray()), { lazyEntries: true });
  const found: SentFile[] = [];
  for await (const entry of zip.eachEntry()) {
    const bytes = Buffer.concat(await (await zip.openReadStreamPromise(entry)).toArray());
    found.push({ path: entry.fileName, sizeBytes: bytes.length, sha256: sha256Hex(bytes) });
    assert.equal(entry.getLastModDate().getTime(), modified.getTime());
  }
  assert.deepEqual(
    found,
    Array.from({ length: 5 }, (_, n) => fileOf(n, 200_000)).map(({ path, bytes }) => ({
      ...{ path, sizeBytes: bytes.length, sha256: sha256Hex(bytes) },
    })),
  );
  assert.deepEqual(told, found);
});

test('a slow receiver is waited for: no file is made before those before it were taken', async () => {
  const asked: number[] = [];
  const archive = archiveOf(filesOf(20, 500_000, asked), { modified, onFile: () => {}, signal: never });
  await once(archive, 'readable');
  await sleep(50);
  assert.deepEqual(asked, [0]);
  let taken = 0;
  for await (const chunk of archive) {
    taken += (chunk as Buffer).length;
    // Streams hold some tens of KiB between the two.
    assert.ok(asked.length <= Math.floor(taken / 500_000) + 2, `${asked.length} files after ${taken} bytes`);
  }
  assert.equal(asked.length, 20);
});

test('what was taken is held no longer, though the archive is not at its end', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const made: WeakRef<Uint8Array>[] = [];
  async function* watched(): AsyncGenerator<ExportFile> {
    for (let n = 0; n < 6; n++) {
      const file = fileOf(n, 100_000);
      made.push(new WeakRef(file.bytes));
      yield file;
    }
    // References of the loop are let go of at a next turn.
    await sleep(10);
    collect();
    const held = made.filter((one) => one.deref() !== undefined).length;
    assert.ok(held <= 1, `${held} of 6 files are held`);
  }
  const archive = archiveOf(watched(), { modified, onFile: () => {}, signal: never });
  for await (const _ of archive);
});

test('of many files that were taken next to nothing is held, their names neither', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const count = 200;
  const held: number[] = [];
  async function* many(): AsyncGenerator<ExportFile> {
    for (let n = 0; n < count; n++) {
      // Between two files others take of the memory that Node shares out in pieces.
      for (let taken = 0; taken < Buffer.poolSize; taken += 1000) Buffer.from('x'.repeat(1000));
      yield { path: `folder/${n}.bin`, bytes: Uint8Array.of(n), compress: true };
      if (n !== 50 && n !== count - 1) continue;
      // What was collected is swept beside the program, a moment later.
      for (let time = 0; time < 3; time++) {
        collect();
        await sleep(30);
      }
      held.push(process.memoryUsage().arrayBuffers);
    }
  }
  for await (const _ of archiveOf(many(), { modified, onFile: () => {}, signal: never }));
  const grown = (held[1]! - held[0]!) / (count - 51);
  assert.ok(grown < Buffer.poolSize / 4, `each file holds ${grown} bytes`);
});

test('when the receiver has gone, no further file is made', async () => {
  const asked: number[] = [];
  const left = new AbortController();
  const archive = archiveOf(filesOf(20, 500_000, asked), { modified, onFile: () => {}, signal: left.signal });
  await once(archive, 'readable');
  archive.destroy();
  left.abort(new Error('gone'));
  await sleep(50);
  assert.deepEqual(asked, [0]);
});

test('a file that cannot be made breaks the archive off with the reason', async () => {
  async function* failing(): AsyncGenerator<ExportFile> {
    yield fileOf(0, 1000);
    throw new Error('damaged');
  }
  const archive = archiveOf(failing(), { modified, onFile: () => {}, signal: never });
  await assert.rejects(archive.toArray(), /damaged/);
});

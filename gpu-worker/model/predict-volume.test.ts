import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid, Volume } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { predictVolume } from './predict-volume.ts';

const grid: Grid = { size: [4, 4, 9], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const pixels = 16;

test('every slice with brain gets the answer to its own slab, whatever the batch; the others are 0', async () => {
  const random = new SeededRandom(5);
  const volume = (): Volume<Uint8Array> => ({
    grid,
    data: Uint8Array.from({ length: 9 * pixels }, () => random.int(256)),
  });
  const sequences = [volume(), volume()];
  const brain = new Uint8Array(9 * pixels);
  for (const slice of [1, 2, 4, 5, 7]) brain[slice * pixels + slice] = 1;
  // A network that answers with the centre slice of the second sequence plus the slice above of the first.
  const predictor = {
    predict: (x: Float32Array, count: number): Float32Array =>
      Float32Array.from({ length: count * pixels }, (_, n) => x[n * 14 + 10]! + x[n * 14 + 4]! / 1000),
  };
  for (const batch of [1, 2, 3, 8]) {
    const told: number[] = [];
    const { data } = await predictVolume(
      predictor,
      sequences,
      { grid, data: brain },
      {
        batch,
        onProgress: (done, total) => void told.push(done / total),
      },
    );
    data.forEach((value, n) => {
      const slice = Math.floor(n / pixels);
      const inBrain = [1, 2, 4, 5, 7].includes(slice);
      const above = sequences[0]!.data[Math.min(8, slice + 1) * pixels + (n % pixels)]!;
      assert.equal(value, inBrain ? Math.fround(sequences[1]!.data[n]! + above / 1000) : 0);
    });
    assert.equal(told.length, Math.ceil(5 / batch));
    assert.equal(told[0], 0);
  }
});

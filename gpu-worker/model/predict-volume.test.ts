import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid, Volume } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { predictVolume, type VolumePredictor } from './predict-volume.ts';
import type { NetworkVolume } from './predictor.ts';

const [side, slices] = [32, 12];
const pixels = side * side;
const grid: Grid = { size: [side, side, slices], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const random = new SeededRandom(5);
const volume = (): Volume<Uint8Array> => ({
  grid,
  data: Uint8Array.from({ length: slices * pixels }, () => random.int(256)),
});
const sequences = [volume(), volume()];
const withBrain = [4, 5, 7, 8];
const brain = new Uint8Array(slices * pixels);
for (const slice of withBrain) brain[slice * pixels + 10 * side + slice] = 1;
const brainMask = { grid, data: brain };

/** What a network would say that looks at one voxel alone: the centre slice of the second sequence, and the one above of the first. */
const answer = (centre: number, above: number): number => centre + above / 1000;

/** Such a network, on what it is given of the volume. */
function pretender(batch: number): VolumePredictor & { loaded: NetworkVolume[] } {
  const loaded: NetworkVolume[] = [];
  return {
    loaded,
    load: async (given) => {
      loaded.push(given);
      return { batch };
    },
    predict: (centres) => {
      const { data, rows, columns, slices: own } = loaded.at(-1)!;
      const voxels = rows * columns;
      return Float32Array.from({ length: centres.length * voxels }, (_, n) => {
        const slice = centres[Math.floor(n / voxels)]!;
        const voxel = n % voxels;
        return answer(data[(own + slice) * voxels + voxel]!, data[(slice + 1) * voxels + voxel]!);
      });
    },
  };
}

test('in the box about the brain every slice with brain gets its own answer, whatever the batch; all else is 0', async () => {
  for (const batch of [1, 2, 3, 8]) {
    const told: number[] = [];
    const predictor = pretender(batch);
    const { data } = await predictVolume(predictor, sequences, brainMask, {
      marginPixels: 2,
      onProgress: (done, total) => void told.push(done / total),
    });
    // Columns 4 to 8 and row 10, with 2 pixels, in multiples of 4 and at least 16; slices 4 to 8 with 3 on each side.
    const { sequences: count, slices: own, rows, columns } = predictor.loaded[0]!;
    assert.deepEqual([predictor.loaded.length, count, own, rows, columns], [1, 2, 11, 16, 16]);
    data.forEach((value, n) => {
      const [column, row, slice] = [n % side, Math.floor(n / side) % side, Math.floor(n / pixels)];
      const inBox = column < 16 && row >= 8 && row < 24 && withBrain.includes(slice);
      const expected = inBox ? answer(sequences[1]!.data[n]!, sequences[0]!.data[n + pixels]!) : 0;
      assert.equal(value, Math.fround(expected), `${column} ${row} ${slice}`);
    });
    assert.equal(told.length, Math.ceil(4 / batch));
    assert.equal(told[0], 0);
  }
});

test('an empty brain and sequences of another size are refused', async () => {
  const options = { marginPixels: 4 };
  const none = { grid, data: new Uint8Array(slices * pixels) };
  await assert.rejects(predictVolume(pretender(1), sequences, none, options), /brain mask is empty/);
  const other = { grid: { ...grid, size: [side, side, 3] as const }, data: new Uint8Array(3 * pixels) };
  await assert.rejects(
    predictVolume(pretender(1), [other], brainMask, options),
    /32 x 32 x 3 voxels does not fit a brain mask of 32 x 32 x 12/,
  );
});

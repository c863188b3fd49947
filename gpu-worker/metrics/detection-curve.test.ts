import assert from 'node:assert/strict';
import test from 'node:test';
import { SeededRandom } from '#core/domain/random.ts';
import { components } from '#core/label/components.ts';
import { dilateByMm } from '#core/label/dilate.ts';
import { brainMaskMarginMm, findings } from '#core/label/findings.ts';
import { voxelLists } from '#core/label/voxel-lists.ts';
import { detectLesions } from './detection.ts';
import { detectionCurve } from './detection-curve.ts';

const size = [17, 13, 9] as const;
const grid = { size, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const length = size[0] * size[1] * size[2];
const thresholds = Float64Array.from({ length: 19 }, (_, n) => (n + 1) / 20);

test('one pass counts at every threshold what detection counts at each', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    // Powers thin out the high values, so that regions are many and separate at the top and few and large below.
    const data = Float32Array.from({ length }, () => random.next() ** 3);
    const truth = { grid, data: Uint16Array.from({ length }, () => (random.next() > 0.97 ? 1 : 0)) };
    const brainMask = { grid, data: Uint8Array.from({ length }, (_, n) => (n % size[0] < 8 ? 1 : 0)) };
    const probability = { grid, data };
    const brain = dilateByMm(brainMask.data, size, [1, 1, 1], brainMaskMarginMm);
    const curve = detectionCurve(probability, truth, brain, thresholds);
    const lesions = voxelLists(components(truth.data, size, 26).labels).slice(1);
    const apart = Array.from(thresholds, (threshold) => {
      const predicted = findings(probability, brainMask, threshold).filter(({ insideBrain }) => insideBrain);
      return detectLesions(
        lesions,
        predicted.map(({ voxels }) => voxels),
        1,
      );
    });
    const told = `seed ${seed}`;
    assert.equal(curve.lesionCount, lesions.length, told);
    assert.deepEqual(
      Array.from(curve.found),
      apart.map(({ foundLesionCount }) => foundLesionCount),
      told,
    );
    assert.deepEqual(
      Array.from(curve.falsePositives),
      apart.map(({ falsePositives }) => falsePositives),
      told,
    );
  }
});

test('volumes of different sizes are refused', () => {
  const probability = { grid, data: new Float32Array(length) };
  const truth = { grid, data: new Uint16Array(length) };
  assert.throws(() => detectionCurve(probability, truth, new Uint8Array(3), thresholds), RangeError);
});

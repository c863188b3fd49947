import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { invertAffine, multiply, type PointLps, sameGrid, spacingMm, transformPoint } from '#core/domain/geometry.ts';
import { lesionGroup, lesionGroups } from '#core/domain/lesion.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { drawLesionCount } from './lesions.ts';
import { generatePhantom, type Phantom } from './phantom.ts';

const many = generatePhantom({ seed: 12, size: 96, group: 'MORE_THAN_TEN' });
const some = generatePhantom({ seed: 4, size: 64, lesionCount: 5 });

function hashOf(phantom: Phantom): string {
  const hash = createHash('sha256');
  for (const { volume } of phantom.series) hash.update(volume.data);
  hash.update(phantom.truth.labels.data).update(phantom.truth.brainMask.data);
  return hash.update(JSON.stringify([phantom.truth.lesions, phantom.truth.refToSeries])).digest('hex');
}

function seriesOf(phantom: Phantom, sequence: Sequence): Phantom['series'][number] {
  return phantom.series.find((series) => series.sequence === sequence)!;
}

test('the same options give the same bytes, another seed another head', () => {
  const options = { seed: 21, size: 48, lesionCount: 2 };
  const first = hashOf(generatePhantom(options));
  assert.equal(hashOf(generatePhantom(options)), first);
  assert.notEqual(hashOf(generatePhantom({ ...options, seed: 22 })), first);
});

test('groups give counts within them, and without a group all of them occur', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 80; seed++) {
    for (const group of lesionGroups) assert.equal(lesionGroup(drawLesionCount(seed, group)), group, `seed ${seed}`);
    seen.add(lesionGroup(drawLesionCount(seed)));
  }
  assert.deepEqual([...seen].sort(), [...lesionGroups].sort());
  assert.equal(many.truth.group, 'MORE_THAN_TEN');
  assert.equal(some.truth.lesions.length, 5);
  const none = generatePhantom({ seed: 3, size: 48, group: 'NONE' });
  assert.ok(none.truth.labels.data.every((label) => label === 0));
});

test('lesions lie inside the brain, 2 to 30 mm across, never under two voxels, apart from one another', () => {
  for (const { truth } of [many, some]) {
    const { data, grid } = truth.labels;
    const [columns, rows] = grid.size;
    const voxelMm = Math.max(...spacingMm(grid));
    const boxes = new Map<number, [number[], number[]]>();
    for (let n = 0; n < data.length; n++) {
      if (data[n] === 0) continue;
      assert.equal(truth.brainMask.data[n], 1, 'a lesion leaves the brain');
      const index = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
      const [low, high] = boxes.get(data[n]!) ?? [[...index], [...index]];
      boxes.set(data[n]!, [
        index.map((v, axis) => Math.min(v, low[axis]!)),
        index.map((v, axis) => Math.max(v, high[axis]!)),
      ]);
      for (const step of [1, columns, columns * rows, 1 + columns + columns * rows])
        assert.ok([0, data[n]].includes(data[n + step]!), `lesions ${data[n]} and ${data[n + step]} touch`);
    }
    assert.equal(boxes.size, truth.lesions.length);
    for (const { number, diametersMm, centreLps } of truth.lesions) {
      const [low, high] = boxes.get(number)!;
      for (const axis of [0, 1, 2]) {
        assert.ok(high[axis]! - low[axis]! + 1 >= 2, `lesion ${number} is one voxel thick`);
        assert.ok(diametersMm[axis]! >= Math.max(2, 2 * voxelMm) - 1e-9 && diametersMm[axis]! <= 30);
      }
      const middle = transformPoint(invertAffine(grid.indexToLps), centreLps);
      for (const axis of [0, 1, 2])
        assert.ok(Math.abs(middle[axis]! - (low[axis]! + high[axis]!) / 2) < 1.5, `centre of lesion ${number}`);
    }
  }
});

test('the brain is as big as a brain and the reference is BRAVO', () => {
  const { brainMask, labels, refToSeries } = many.truth;
  const [x, y, z] = spacingMm(brainMask.grid);
  const litres = (brainMask.data.reduce((sum, n) => sum + n, 0) * x * y * z) / 1e6;
  assert.ok(litres > 1 && litres < 1.7, `${litres} l`);
  assert.ok(sameGrid(labels.grid, seriesOf(many, 'BRAVO').volume.grid));
  assert.deepEqual(seriesOf(many, 'BRAVO').volume.grid.size, [96, 96, 64]);
  assert.deepEqual(
    many.series.map(({ sequence }) => sequence),
    [...sequences],
  );
  assert.deepEqual(refToSeries.BRAVO, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
});

test('motion is rigid and within the limits given', () => {
  const phantom = generatePhantom({ seed: 5, size: 48, lesionCount: 0, motion: { degrees: 2, mm: 3 } });
  for (const [{ truth, series }, degrees, mm] of [
    [many, 6, 6],
    [phantom, 2, 3],
  ] as const)
    for (const { sequence } of series) {
      const m = truth.refToSeries[sequence];
      const angle = (Math.acos(Math.min(1, (m[0]! + m[5]! + m[10]! - 1) / 2)) * 180) / Math.PI;
      assert.ok(angle <= degrees + 1e-6, `${sequence}: ${angle} degrees`);
      assert.ok(sequence === 'BRAVO' || angle > 0.2 * degrees);
      const grid = truth.labels.grid;
      const middle = transformPoint(grid.indexToLps, grid.size.map((n) => (n - 1) / 2) as unknown as PointLps);
      const moved = transformPoint(m, middle);
      // The middle of the grid lies up to 15 mm from the point the head turns about.
      const turned = (2 * 15 * Math.PI * degrees) / 360;
      assert.ok(Math.hypot(...moved.map((v, axis) => v - middle[axis]!)) <= mm + turned, `${sequence} moved too far`);
      const columns = [0, 1, 2].map((c) => [m[c]!, m[4 + c]!, m[8 + c]!]);
      for (const a of [0, 1, 2])
        for (const b of [0, 1, 2]) {
          const dot = columns[a]!.reduce((sum, v, r) => sum + v * columns[b]![r]!, 0);
          assert.ok(Math.abs(dot - (a === b ? 1 : 0)) < 1e-9);
        }
    }
});

/** Values of a series at the voxels of BRAVO inside the brain, by nearest neighbour, through the given motion. */
function valuesInBrain(phantom: Phantom, sequence: Sequence, motion: readonly number[]): Float64Array {
  const { grid, data } = seriesOf(phantom, sequence).volume;
  const { brainMask } = phantom.truth;
  const toIndex = multiply(invertAffine(grid.indexToLps), multiply(motion, brainMask.grid.indexToLps));
  const [columns, rows] = brainMask.grid.size;
  const values: number[] = [];
  brainMask.data.forEach((inside, n) => {
    if (!inside) return;
    const index: PointLps = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
    const [i, j, k] = transformPoint(toIndex, index).map(Math.round) as [number, number, number];
    values.push(data[(k * grid.size[1] + j) * grid.size[0] + i] ?? 0);
  });
  return Float64Array.from(values);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (v: Float64Array): number => v.reduce((sum, x) => sum + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    ab += (a[n]! - ma) * (b[n]! - mb);
    aa += (a[n]! - ma) ** 2;
    bb += (b[n]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

test('the motion of the truth brings the series onto BRAVO, and its absence does not', () => {
  const bravo = valuesInBrain(many, 'BRAVO', many.truth.refToSeries.BRAVO);
  for (const [sequence, least] of [
    ['T1_PRE', 0.5],
    ['T1_POST', 0.5],
    ['FLAIR', 0.2],
  ] as const) {
    const motion = many.truth.refToSeries[sequence];
    const aligned = correlation(bravo, valuesInBrain(many, sequence, motion));
    for (const wrong of [many.truth.refToSeries.BRAVO, invertAffine(motion)]) {
      const misaligned = correlation(bravo, valuesInBrain(many, sequence, wrong));
      assert.ok(aligned > misaligned + 0.1, `${sequence}: ${aligned} aligned, ${misaligned} not`);
    }
    assert.ok(aligned > least, `${sequence}: ${aligned}`);
  }
});

test('lesions enhance after gadolinium and not before', () => {
  const inBrain = many.truth.labels.data.filter((_, n) => many.truth.brainMask.data[n] === 1);
  const relative = (sequence: Sequence): number => {
    const values = valuesInBrain(many, sequence, many.truth.refToSeries[sequence]);
    let [lesion, lesions, rest] = [0, 0, 0];
    for (let n = 0; n < values.length; n++) {
      if (inBrain[n]) lesion += values[n]!;
      else rest += values[n]!;
      if (inBrain[n]) lesions++;
    }
    return lesion / lesions / (rest / (values.length - lesions));
  };
  const [pre, post, bravo] = [relative('T1_PRE'), relative('T1_POST'), relative('BRAVO')];
  assert.ok(pre < 1.05, `${pre} before`);
  assert.ok(post > 1.2 && bravo > 1.15, `${post} and ${bravo} after`);
});

test('no threshold on BRAVO separates lesions from vessels', () => {
  const dices = [many, ...[2, 9, 11].map((seed) => generatePhantom({ seed, size: 64 }))].map(({ truth, series }) => {
    const { data } = series.find(({ sequence }) => sequence === 'BRAVO')!.volume;
    const histogram = Array.from({ length: 4096 }, () => [0, 0] as [number, number]);
    let lesionVoxels = 0;
    for (let n = 0; n < data.length; n++) {
      if (truth.brainMask.data[n] === 0) continue;
      const isLesion = truth.labels.data[n] ? 1 : 0;
      lesionVoxels += isLesion;
      const bin = histogram[Math.min(4095, data[n]!)]!;
      bin[isLesion]++;
    }
    let [best, chosen, hit] = [0, 0, 0];
    for (const [other, lesion] of histogram.reverse()) {
      chosen += other + lesion;
      hit += lesion;
      best = Math.max(best, (2 * hit) / (chosen + lesionVoxels));
    }
    return best;
  });
  const mean = dices.reduce((sum, dice) => sum + dice, 0) / dices.length;
  assert.ok(mean < 0.4 && Math.max(...dices) < 0.6, `best thresholds reach Dice ${dices.join(', ')}`);
});

test('what cannot be made is refused with the reason', () => {
  assert.throws(() => generatePhantom({ seed: 1, size: 40 }), /48 to 256, not 40/);
  assert.throws(() => generatePhantom({ seed: 1, size: 64, lesionCount: 99 }), /0 to 40 lesions, not 99/);
  assert.throws(() => generatePhantom({ seed: 1, size: 64, lesionCount: 2, group: 'NONE' }), /not in the group NONE/);
});

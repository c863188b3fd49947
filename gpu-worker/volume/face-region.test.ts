import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Grid,
  type Matrix4,
  multiply,
  type PointLps,
  transformPoint,
  type Volume,
} from '#core/domain/geometry.ts';
import { defaultPreparationPlan as plan } from '#core/domain/preparation-plan.ts';
import { axialGrid, dice, headBrain, headVolume, rigidMotion, sagittalGrid, t1 } from './analytic-head.fixture.ts';
import { brainMask } from './brain-mask.ts';
import { faceRegion, likelyBrain, untouchedMm } from './face-region.ts';
import { resample } from './resample.ts';

const identity = rigidMotion([0, 0, 1], 0, [0, 0, 0]);
/** Half-widths of the fixture's brain and scalp, mm. */
const [brainMm, scalpMm]: readonly PointLps[] = [
  [66, 80, 62],
  [81, 96, 78],
] as const;

/** What somebody would know a person by, about the fixture's head, mm: its own nose, and eyes and ears where a head has them. */
const features: readonly { name: string; centre: PointLps; radiiMm: PointLps; leastShare: number }[] = [
  { name: 'nose', centre: [0, -92, -30], radiiMm: [12, 14, 18], leastShare: 1 },
  // What of an eye lies within 8 mm of the brain stays.
  ...[32, -32].map((x) => ({
    ...{ name: 'eye', centre: [x, -78, -46] as PointLps, radiiMm: [12, 12, 12] as PointLps, leastShare: 0.9 },
  })),
  ...[93, -93].map((x) => ({
    ...{ name: 'ear', centre: [x, 15, -25] as PointLps, radiiMm: [9, 15, 27] as PointLps, leastShare: 1 },
  })),
];

const inside = (p: PointLps, radiiMm: PointLps, centre: PointLps = [0, 0, 0]): boolean =>
  p.reduce((sum, x, axis) => sum + ((x - centre[axis]!) / radiiMm[axis]!) ** 2, 0) < 1;

/** The point of the head's own space at each voxel. */
function* points({ size, indexToLps }: Grid, lpsToHead: Matrix4): Generator<[number, PointLps]> {
  const toHead = multiply(lpsToHead, indexToLps);
  for (let n = 0; n < size[0] * size[1] * size[2]; n++)
    yield [
      n,
      transformPoint(toHead, [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))]),
    ];
}

/** A grid turned in the scanner, as of an oblique acquisition. */
const turned = (grid: Grid, by: Matrix4): Grid => ({ ...grid, indexToLps: multiply(by, grid.indexToLps) });
const axial = axialGrid(110, 125, 60, [2, 2, 4]);
const grids: readonly [name: string, grid: Grid][] = [
  ['axial', axial],
  ['sagittal', sagittalGrid(130, 110, 62, [2, 2, 3.5])],
  ['oblique', turned(axial, rigidMotion([1, 0.4, 0.2], 25, [3, -4, 5]))],
];

test('nose, eyes and ears go in any orientation, and no voxel near the brain does', () => {
  for (const lpsToHead of [identity, rigidMotion([1, 0.3, 0.5], 12, [4, -3, 6])]) {
    const brain = headBrain(axial, lpsToHead);
    const region = faceRegion(brain);
    for (const [name, grid] of grids) {
      const cut = resample(region, grid, identity, 'nearest');
      const seen = new Map(features.map((feature) => [feature, { all: 0, gone: 0 }]));
      for (const [n, p] of points(grid, lpsToHead)) {
        if (cut.data[n])
          assert.ok(!inside(p, brainMm!.map((r) => r + untouchedMm) as unknown as PointLps), `${name}: ${p} is cut`);
        // What lies under the scalp's surface is nobody's nose.
        for (const feature of features)
          if (inside(p, feature.radiiMm, feature.centre) && (feature.name === 'eye' || !inside(p, scalpMm!))) {
            const count = seen.get(feature)!;
            count.all++;
            count.gone += cut.data[n]!;
          }
      }
      for (const [feature, { all, gone }] of seen) {
        assert.ok(all > 20, `${name}: the grid shows the ${feature.name}`);
        assert.ok(
          gone >= feature.leastShare * all,
          `${name}: of the ${feature.name} ${gone} of ${all} voxels are gone`,
        );
      }
    }
  }
});

test('the top and the back of the head stay', () => {
  const cut = resample(faceRegion(headBrain(axial, identity)), axial, identity, 'nearest');
  for (const [n, p] of points(axial, identity))
    if (inside(p, scalpMm!) && (p[2] > 30 || p[1] > 50)) assert.equal(cut.data[n], 0, `${p}`);
});

test('the brain of a head without a face is found as that of the whole head', () => {
  const head = headVolume(axial, identity, t1, 3);
  const found = brainMask(head, plan.brainMaskFraction);
  const cut = resample(faceRegion(found), axial, identity, 'nearest');
  const faceless: Volume = { grid: axial, data: head.data.map((value, n) => (cut.data[n] ? 0 : value)) };
  assert.ok(
    cut.data.some((one, n) => one === 1 && head.data[n]! > 300),
    'tissue was removed',
  );
  const truth = headBrain(axial, identity);
  const [whole, again] = [dice(found, truth), dice(brainMask(faceless, plan.brainMaskFraction), truth)];
  assert.ok(again > 0.95 && again > whole - 0.01, `Dice ${again}, ${whole} before`);
});

test('a mask that leaked or lost a part is not believed', () => {
  const brain = headBrain(axial, identity);
  assert.ok(likelyBrain(brain));
  const [columns] = axial.size;
  // A column of mask from the base of the brain down to the neck.
  const neck = sagittalGrid(130, 130, 62, [2, 2, 3.5]);
  const below = rigidMotion([0, 0, 1], 0, [0, 0, 40]);
  const leaked = headBrain(neck, identity);
  for (const [n, p] of points(neck, below)) if (Math.hypot(p[0], p[1]) < 15 && p[2] < 40) leaked.data[n] = 1;
  assert.ok(!likelyBrain(leaked));
  const half = { grid: axial, data: brain.data.map((one, n) => (n % columns < 55 ? 0 : one)) };
  assert.ok(!likelyBrain(half));
});

test('without a brain it is not told where the face is', () => {
  assert.throws(() => faceRegion({ grid: axial, data: new Uint8Array(110 * 125 * 60) }), RangeError);
});

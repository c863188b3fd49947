import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { type Matrix4, multiply, transformPoint, type Volume } from '#core/domain/geometry.ts';
import { defaultPreparationPlan } from '#core/domain/preparation-plan.ts';
import { axialGrid, flair, headBrain, headVolume, rigidMotion, sagittalGrid, t1Post } from './analytic-head.fixture.ts';
import { normalizedMutualInformation } from './normalized-mutual-information.ts';
import { registerRigid } from './register.ts';
import { motionOf, type Registration, registrationPlausible } from './registration.ts';

interface Oracle {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly nmi: Readonly<Record<string, number>>;
}

test('normalized mutual information agrees with scikit-image', () => {
  const url = new URL('./normalized-mutual-information.oracle.json', import.meta.url);
  const { a, b, nmi } = JSON.parse(readFileSync(url, 'utf8')) as Oracle;
  for (const [bins, expected] of Object.entries(nmi)) {
    const found = normalizedMutualInformation(a, b, Number(bins));
    assert.ok(Math.abs(found - expected) < 1e-9, `${bins} bins: ${found} for ${expected}`);
  }
  const padded = [Number.NaN, 1e6, ...a];
  assert.equal(normalizedMutualInformation(padded, [3, Number.NaN, ...b], 32), normalizedMutualInformation(a, b, 32));
});

test('normalized mutual information: bounds and refusals', () => {
  const a = Array.from({ length: 4096 }, (_, n) => n % 64);
  const unrelated = Array.from({ length: 4096 }, (_, n) => Math.floor(n / 64));
  assert.ok(
    Math.abs(
      normalizedMutualInformation(
        a,
        a.map((x) => 100 - 3 * x),
      ) - 2,
    ) < 1e-9,
  );
  assert.ok(Math.abs(normalizedMutualInformation(a, unrelated) - 1) < 1e-9);
  assert.equal(normalizedMutualInformation(a, new Float32Array(4096).fill(5)), 1);
  assert.throws(() => normalizedMutualInformation(a, [1]), RangeError);
});

function meanErrorMm(found: Matrix4, truth: Matrix4, brain: Volume<Uint8Array>): number {
  const [columns, rows] = brain.grid.size;
  let [sum, count] = [0, 0];
  for (let n = 0; n < brain.data.length; n++) {
    if (!brain.data[n]) continue;
    const index = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))] as const;
    const p = transformPoint(brain.grid.indexToLps, index);
    const [a, b] = [transformPoint(found, p), transformPoint(truth, p)];
    sum += Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    count++;
  }
  return sum / count;
}

test('finds a known motion between another contrast, plane and spacing, and the same one again', async () => {
  const bravoGrid = axialGrid(64, 64, 48, [3.2, 3.4, 3.6]);
  const bravoToHead = rigidMotion([0, 1, 0], 2, [1, 1, 2]);
  const headToFlair = rigidMotion([1, -2, 1], 11, [7, -9, 5]);
  const flairToHead = rigidMotion([1, -2, 1], -11, [0, 0, 0]);
  const back = multiply(flairToHead, rigidMotion([0, 0, 1], 0, [-7, 9, -5]));
  const bravo = headVolume(bravoGrid, bravoToHead, t1Post, 31);
  const series = headVolume(sagittalGrid(60, 60, 46, [3.6, 3.6, 4]), back, flair, 32);

  const found = await registerRigid(bravo, series, { seed: 5 });
  const truth = multiply(headToFlair, bravoToHead);
  const error = meanErrorMm(found.matrix, truth, headBrain(bravoGrid, bravoToHead));
  assert.ok(error <= 0.8, `mean error ${error} mm over the brain`);
  const motion = motionOf(truth, bravoGrid);
  assert.ok(Math.abs(found.rotationDegrees - motion.rotationDegrees) < 0.5, `${found.rotationDegrees} degrees`);
  assert.ok(Math.abs(found.translationMm - motion.translationMm) < 0.8, `${found.translationMm} mm`);
  assert.ok(registrationPlausible(found, defaultPreparationPlan.registrationGates), `NMI ${found.nmi}`);
  assert.deepEqual(await registerRigid(bravo, series, { seed: 5 }), found);
});

test('motion is that of the centre of the volume, not of the origin', () => {
  const grid = { size: [3, 3, 3], indexToLps: [1, 0, 0, 99, 0, 1, 0, -1, 0, 0, 1, -1, 0, 0, 0, 1] } as const;
  const { rotationDegrees, translationMm } = motionOf(rigidMotion([0, 0, 1], 90, [0, 0, 0]), grid);
  assert.ok(Math.abs(rotationDegrees - 90) < 1e-9);
  assert.ok(Math.abs(translationMm - 100 * Math.SQRT2) < 1e-9);
});

test('the gates stop large motion and little shared information', () => {
  const gates = { maxRotationDegrees: 20, maxTranslationMm: 40, minNmi: 1.1 };
  const fine = { rotationDegrees: 20, translationMm: 40, nmi: 1.1 };
  const broken: readonly Partial<Registration>[] = [
    { rotationDegrees: 20.1 },
    { translationMm: 40.1 },
    { nmi: 1.09 },
    { nmi: Number.NaN },
  ];
  assert.equal(registrationPlausible(fine, gates), true);
  for (const change of broken) assert.equal(registrationPlausible({ ...fine, ...change }, gates), false);
});

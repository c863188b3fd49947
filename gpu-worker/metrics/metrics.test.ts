import assert from 'node:assert/strict';
import test from 'node:test';
import { estimate, quantile } from '#core/domain/estimate.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { components, type Size } from '#core/label/components.ts';
import { voxelLists } from '#core/label/voxel-lists.ts';
import { brats23Score } from './brats23.ts';
import { detectLesions } from './detection.ts';
import { intensityBaseline } from './intensity-baseline.ts';
import oracle from './metrics.oracle.json' with { type: 'json' };
import { voxelOverlap } from './overlap.ts';
import { voxelRoc } from './roc.ts';
import { countAtThresholds, diceAt, maxMeanDice, probabilityThresholds } from './threshold-dice.ts';
import { rankSumTest } from './wilcoxon.ts';

type Triple = readonly [number, number, number];

function near(actual: number | null, expected: number | null, what: string, tolerance = 1e-9): void {
  if (actual === null || expected === null) assert.equal(actual, expected, what);
  else assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, not ${expected}`);
}

const volumes = oracle.volumes.map((each) => {
  const size = each.size as unknown as Size;
  const [truth, predicted] = [each.truth, each.predicted].map((base64) => {
    const bytes = Buffer.from(base64, 'base64');
    return Uint8Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => (bytes[n >> 3]! >> (7 - (n & 7))) & 1);
  });
  return { ...each, size, spacingMm: each.spacingMm as unknown as Triple, truth: truth!, predicted: predicted! };
});

test('the voxel ROC is that of scikit-learn, ties included', () => {
  for (const each of oracle.roc) {
    const roc = voxelRoc(Float32Array.from(each.values), Uint8Array.from(each.truth), Uint8Array.from(each.mask))!;
    near(roc.auc, each.auc, 'AUC', 1e-12);
    near(roc.youden.threshold, each.threshold, 'Youden threshold');
    near(roc.youden.sensitivity, each.sensitivity, 'sensitivity');
    near(roc.youden.specificity, each.specificity, 'specificity');
    roc.curve.forEach((sensitivity, n) => {
      near(sensitivity, each.curve[n]!, `sensitivity at ${n} % false alarms`);
    });
  }
});

test('a ROC without lesion or without other voxels has no meaning', () => {
  const values = Float32Array.of(0.1, 0.9);
  assert.equal(voxelRoc(values, Uint8Array.of(0, 0), Uint8Array.of(1, 1)), null);
  assert.equal(voxelRoc(values, Uint8Array.of(0, 1), Uint8Array.of(0, 1)), null);
  assert.throws(() => voxelRoc(Float32Array.of(Number.NaN, 1), Uint8Array.of(0, 1), Uint8Array.of(1, 1)), RangeError);
});

test('the ROC of a full-size volume is quick', () => {
  const length = 256 * 256 * 160;
  const probabilities = new Float32Array(length);
  for (let n = 0; n < length; n++) probabilities[n] = (Math.imul(n, 0x9e3779b1) >>> 0) / 2 ** 32;
  const truth = new Uint8Array(length).fill(1, 5_000_000, 5_020_000);
  const begin = performance.now();
  const roc = voxelRoc(probabilities, truth, new Uint8Array(length).fill(1))!;
  const milliseconds = performance.now() - begin;
  near(roc.auc, 0.5, 'AUC of noise', 0.02);
  assert.ok(milliseconds < 5000, `${milliseconds} ms`);
});

test('rank-sum tests are those of SciPy', () => {
  for (const { first, second, exact, u, pValue } of oracle.rankSum) {
    const found = rankSumTest(first, second);
    assert.equal(found.exact, exact, `${first.length} and ${second.length}`);
    near(found.u, u, 'U');
    near(found.pValue / pValue, 1, `p of ${first.length} and ${second.length}`, 1e-9);
  }
  assert.equal(rankSumTest([1, 1], [1, 1]).pValue, 1);
  assert.throws(() => rankSumTest([], [1]), RangeError);
});

test('lesion-wise scores of BraTS-METS 2023 are those of an independent program', () => {
  for (const { truth, predicted, size, spacingMm, brats23 } of volumes) {
    const score = brats23Score(truth, predicted, size, spacingMm);
    assert.equal(score.keptLesionCount, brats23.keptLesionCount);
    assert.equal(score.falsePositives, brats23.falsePositives);
    near(score.dice, brats23.dice, 'Dice');
    near(score.hd95Mm, brats23.hd95Mm, 'HD95');
  }
});

test('a region on a lesion of at most 2 mm³ is neither right nor wrong', () => {
  const size: Size = [9, 9, 9];
  const [truth, predicted] = [new Uint8Array(729), new Uint8Array(729)];
  truth[364] = truth[365] = predicted[364] = 1;
  const score = brats23Score(truth, predicted, size, [1, 1, 1]);
  assert.deepEqual(score, { dice: 1, hd95Mm: 0, keptLesionCount: 0, falsePositives: 0 });
});

test('detection and voxel overlap are those of SciPy and scikit-learn', () => {
  for (const { truth, predicted, size, spacingMm, detection } of volumes) {
    const lists = (mask: Uint8Array) => voxelLists(components(mask, size, 26).labels).slice(1);
    const found = detectLesions(lists(truth), lists(predicted), spacingMm[0] * spacingMm[1] * spacingMm[2]);
    for (const key of ['lesionCount', 'foundLesionCount', 'falsePositives', 'falsePositives10mm3'] as const)
      assert.equal(found[key], detection[key], key);
    near(found.detectedDice, detection.detectedDice, 'Dice over detected lesions');
    near(
      found.lesionSensitivity,
      detection.lesionCount === 0 ? null : detection.foundLesionCount / detection.lesionCount,
      'lesion sensitivity',
    );
    const count = (inside: (n: number) => boolean): number => truth.filter((_, n) => inside(n)).length;
    const overlap = voxelOverlap({
      predicted: count((n) => predicted[n] === 1),
      truth: count((n) => truth[n] === 1),
      shared: count((n) => truth[n] === 1 && predicted[n] === 1),
    });
    for (const key of ['precision', 'recall', 'dice'] as const) near(overlap[key], detection[key], key);
  }
});

test('Dice at thresholds is that of thresholding, and the best mean is found', () => {
  const random = new SeededRandom(11);
  const cases = [0.2, 0.4].map((edge) => {
    const truth = Uint8Array.from({ length: 3000 }, () => Number(random.next() < 0.1));
    const values = Float32Array.from(truth, (lesion) => (lesion === 1 ? edge : 0) + random.next() * 0.6);
    const mask = Uint8Array.from(truth, () => Number(random.next() < 0.9));
    return { truth, values, mask, counts: countAtThresholds(values, truth, mask, probabilityThresholds) };
  });
  const dice = ({ truth, values, mask }: (typeof cases)[number], threshold: number): number => {
    const predicted = values.map((value, n) => Number(mask[n] === 1 && value >= threshold));
    const shared = predicted.filter((p, n) => p === 1 && truth[n] === 1).length;
    const both = predicted.filter(Boolean).length + truth.filter(Boolean).length;
    return (2 * shared) / both;
  };
  let best = { threshold: 0, meanDice: -1 };
  probabilityThresholds.forEach((threshold, n) => {
    for (const each of cases) if (n % 100 === 7) near(diceAt(each.counts, n), dice(each, threshold), `${threshold}`);
    if (n % 10 !== 0) return;
    const meanDice = (dice(cases[0]!, threshold) + dice(cases[1]!, threshold)) / 2;
    if (meanDice > best.meanDice) best = { threshold, meanDice };
  });
  const found = maxMeanDice(
    cases.map(({ counts }) => counts),
    probabilityThresholds,
  )!;
  assert.ok(found.meanDice >= best.meanDice && Math.abs(found.threshold - best.threshold) <= 0.02);
  near((dice(cases[0]!, found.threshold) + dice(cases[1]!, found.threshold)) / 2, found.meanDice, 'mean Dice');
});

test('a value on a threshold counts, as in thresholding itself', () => {
  const values = Float32Array.of(0.5, Math.fround(0.3), 0.3 - 1e-7);
  const counts = countAtThresholds(values, new Uint8Array(3), new Uint8Array(3).fill(1), probabilityThresholds);
  probabilityThresholds.forEach((threshold, n) => {
    assert.equal(counts.predicted[n], values.filter((value) => value >= threshold).length, `${threshold}`);
  });
  assert.equal(maxMeanDice([counts], probabilityThresholds), null);
});

test('the intensity baseline finds bright lesions at any scale of the scanner', () => {
  const random = new SeededRandom(2);
  const cases = [1, 700].map((scale) => {
    const truth = Uint8Array.from({ length: 4000 }, (_, n) => Number(n < 40));
    const bravo = Float32Array.from(truth, (lesion) => scale * (lesion === 1 ? 2.5 : 0.6 + 0.8 * random.next()));
    return { truth, bravo, brainMask: new Uint8Array(4000).fill(1) };
  });
  const baseline = intensityBaseline(cases)!;
  near(baseline.meanDice, 1, 'mean Dice');
  assert.ok(baseline.threshold > 1.35 && baseline.threshold < 2.6, `${baseline.threshold}`);
  assert.deepEqual(baseline.dice, [1, 1]);
  const free = { ...cases[0]!, truth: new Uint8Array(4000) };
  assert.equal(intensityBaseline([free]), null);
  assert.equal(intensityBaseline([free, ...cases])!.dice[0], null);
  assert.throws(() => intensityBaseline([{ ...free, brainMask: new Uint8Array(4000) }]), RangeError);
});

test('estimates: mean, deviation and an interval that covers the mean as often as it says', () => {
  assert.equal(estimate([], 1), null);
  assert.deepEqual(estimate([3], 1), { mean: 3, sd: null, low95: null, high95: null, count: 1 });
  const plain = estimate([2, 4, 4, 4, 5, 5, 7, 9], 1)!;
  near(plain.mean, 5, 'mean');
  near(plain.sd, Math.sqrt(32 / 7), 'deviation');
  assert.deepEqual(estimate([2, 4, 4, 4, 5, 5, 7, 9], 1), plain, 'the seed decides');
  const random = new SeededRandom(8);
  let covered = 0;
  for (let round = 0; round < 200; round++) {
    const { low95, high95 } = estimate(
      Array.from({ length: 40 }, () => random.normal()),
      round,
    )!;
    if (low95! <= 0 && high95! >= 0) covered++;
  }
  assert.ok(covered >= 176 && covered <= 199, `${covered} of 200 intervals cover the true mean`);
  assert.equal(quantile(Float64Array.of(1, 2, 4), 0.75), 3);
});

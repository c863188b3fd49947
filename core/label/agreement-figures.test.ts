import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { Grid, LabelVolume } from '../domain/geometry.ts';
import { agreementFigures, blandAltman, type ComparedRead, cohensKappa, fleissKappa } from './agreement-figures.ts';
import { compareLabels, editedVoxels, type LabelComparison, sliceVotes } from './compare-labels.ts';

interface OracleCase {
  readonly size: [number, number, number];
  readonly spacingMm: [number, number, number];
  readonly truth: string;
  readonly readers: readonly string[];
  readonly comparison: {
    readonly lesions: readonly { volumeMm3: number; match: { dice: number; volumeMm3: number } | null }[];
    readonly falsePositiveVolumesMm3: readonly number[];
  };
  readonly edited: number;
  readonly cohen: number | null;
  readonly fleiss: number | null;
  readonly blandAltman: readonly [number, number, number] | null;
}
const oracle = JSON.parse(readFileSync(join(import.meta.dirname, 'agreement-figures.oracle.json'), 'utf8'));
const cases: readonly OracleCase[] = oracle.cases;

const unpack = (grid: Grid, bits: string): LabelVolume => {
  const bytes = Buffer.from(bits, 'base64');
  const data = new Uint16Array(grid.size[0] * grid.size[1] * grid.size[2]);
  for (let n = 0; n < data.length; n++) data[n] = (bytes[n >> 3]! >> (7 - (n & 7))) & 1;
  return { grid, data };
};
const gridOf = ({ size, spacingMm: [x, y, z] }: OracleCase): Grid => ({
  size,
  indexToLps: [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1],
});
const near = (actual: number | null, expected: number | null, what: string): void => {
  if (actual === null || expected === null) assert.equal(actual, expected, what);
  else
    assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${what}: ${actual} ${expected}`);
};
const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

test('lesions, matches, Dice and volumes are those of SciPy', () => {
  let [found, missed, extra] = [0, 0, 0];
  for (const [n, one] of cases.entries()) {
    const grid = gridOf(one);
    const truth = unpack(grid, one.truth);
    const reader = unpack(grid, one.readers[0]!);
    const { lesions, falsePositives } = compareLabels(reader, truth);
    assert.equal(lesions.length, one.comparison.lesions.length);
    for (const [k, lesion] of lesions.entries()) {
      const expected = one.comparison.lesions[k]!;
      near(lesion.volumeMm3, expected.volumeMm3, `case ${n}, lesion ${k}`);
      near(lesion.match?.dice ?? null, expected.match?.dice ?? null, `case ${n}, Dice of ${k}`);
      near(lesion.match?.volumeMm3 ?? null, expected.match?.volumeMm3 ?? null, `case ${n}, volume of ${k}`);
      if (lesion.match) found++;
      else missed++;
    }
    const volumes = ascending(falsePositives.map(({ volumeMm3 }) => volumeMm3));
    assert.equal(volumes.length, one.comparison.falsePositiveVolumesMm3.length);
    for (const [k, volume] of ascending(one.comparison.falsePositiveVolumesMm3).entries())
      near(volumes[k]!, volume, `case ${n}, false positive ${k}`);
    extra += volumes.length;
    assert.equal(editedVoxels(reader, truth), one.edited);
  }
  assert.ok(found > 10 && missed > 3 && extra > 3, `${found} found, ${missed} missed, ${extra} too many`);
});

test("Cohen's kappa is scikit-learn's, Fleiss' statsmodels', the limits of agreement NumPy's", () => {
  for (const [n, one] of cases.entries()) {
    const grid = gridOf(one);
    const truth = unpack(grid, one.truth);
    const readers = one.readers.map((bits) => unpack(grid, bits));
    const comparison = compareLabels(readers[0]!, truth);
    near(cohensKappa(comparison.slices), one.cohen, `case ${n}: Cohen`);
    near(fleissKappa(sliceVotes(readers)), one.fleiss, `case ${n}: Fleiss`);
    const figures = agreementFigures([{ taskId: 'a', comparison, secondsSpent: 1, draft: null }]);
    const [bias, lower, upper] = one.blandAltman ?? [null, null, null];
    near(figures.volumeBiasMm3, bias, `case ${n}: bias`);
    near(figures.volumeLimitsMm3?.[0] ?? null, lower, `case ${n}: lower limit`);
    near(figures.volumeLimitsMm3?.[1] ?? null, upper, `case ${n}: upper limit`);
  }
  assert.ok(cases.filter(({ fleiss }) => fleiss !== null).length > 8);
  assert.ok(cases.filter(({ blandAltman: limits }) => limits !== null).length > 4);
});

const lesion = (diameterMm: number, match: { dice: number; hd95Mm: number; volumeMm3: number } | null) => ({
  diameterMm,
  volumeMm3: 100,
  match,
});
const read = (
  taskId: string,
  comparison: Partial<LabelComparison>,
  more: Partial<ComparedRead> = {},
): ComparedRead => ({
  taskId,
  comparison: {
    ...{ lesions: [], falsePositives: [], slices: { both: 0, labelOnly: 0, referenceOnly: 0, neither: 0 } },
    ...comparison,
  },
  secondsSpent: 60,
  draft: null,
  ...more,
});

test('figures are means over reads; a read without a lesion has no sensitivity, and sizes are counted by their bands', () => {
  const reads = [
    read('a', {
      lesions: [
        lesion(4, { dice: 0.5, hd95Mm: 2, volumeMm3: 120 }),
        lesion(12, { dice: 0.9, hd95Mm: 1, volumeMm3: 90 }),
        lesion(4, null),
      ],
      falsePositives: [{ diameterMm: 3, volumeMm3: 10 }],
    }),
    read('b', {}, { secondsSpent: 120, draft: { editedVoxels: 5, voxels: 20 } }),
    read('b', { lesions: [lesion(5, null)] }),
  ];
  const all = agreementFigures(reads);
  assert.deepEqual([all.taskCount, all.readCount, all.lesionCount], [2, 3, 4]);
  assert.deepEqual([all.sensitivity?.mean, all.sensitivity?.count], [1 / 3, 2]);
  near(all.falsePositivesPerCase!.mean, 1 / 3, 'false positives');
  assert.deepEqual([all.lesionDice?.mean, all.lesionHd95Mm?.mean, all.lesionDice?.count], [0.7, 1.5, 1]);
  assert.deepEqual([all.secondsSpent?.mean, all.editedFraction?.mean, all.editedFraction?.count], [80, 0.25, 1]);
  assert.deepEqual(all.volumePairs, [
    { meanMm3: 110, differenceMm3: 20 },
    { meanMm3: 95, differenceMm3: -10 },
  ]);
  const small = agreementFigures(reads, { minMm: 0, maxMm: 5 });
  assert.deepEqual([small.lesionCount, small.sensitivity?.mean], [2, 0.5]);
  const large = agreementFigures(reads, { minMm: 5, maxMm: Number.POSITIVE_INFINITY });
  assert.deepEqual([large.lesionCount, large.falsePositivesPerCase?.mean], [2, 0]);
});

test('what cannot be said is null', () => {
  const none = agreementFigures([]);
  assert.deepEqual([none.sensitivity, none.kappa, none.volumeBiasMm3, none.secondsSpent], [null, null, null, null]);
  assert.equal(cohensKappa({ both: 0, labelOnly: 0, referenceOnly: 0, neither: 9 }), null);
  assert.equal(cohensKappa({ both: 4, labelOnly: 0, referenceOnly: 0, neither: 5 }), 1);
  assert.equal(fleissKappa([3, 2]), null);
  assert.equal(fleissKappa([3, 0, 2]), 1);
  assert.equal(blandAltman([7]), null);
});

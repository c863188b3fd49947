import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid, LabelVolume } from '../domain/geometry.ts';
import { defaultAgreementRule } from './agreement.ts';
import { type Check, compareChecked, placesToCheck } from './checked-read.ts';
import { composeGroundTruth } from './ground-truth.ts';

const grid: Grid = { size: [24, 24, 12], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };

/** Lesion n is a cube from its corner (i, j, k). */
function cubes(...corners: readonly (readonly [i: number, j: number, k: number, size: number])[]): LabelVolume {
  const data = new Uint16Array(24 * 24 * 12);
  for (const [n, [i0, j0, k0, size]] of corners.entries())
    for (let i = i0; i < i0 + size; i++)
      for (let j = j0; j < j0 + size; j++) for (let k = k0; k < k0 + size; k++) data[(k * 24 + j) * 24 + i] = n + 1;
  return { grid, data };
}
const rule = { ...defaultAgreementRule, smallLesionMm: 0 };
const voxels = ({ data }: LabelVolume): number => data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);

test('every lesion of the first read is to be checked', () => {
  const places = placesToCheck(cubes([1, 1, 1, 4], [12, 12, 4, 4]), rule);
  assert.deepEqual(
    places.map(({ number, kind, lesionNumbers }) => [number, kind, lesionNumbers]),
    [
      [1, 'ONE_READER_ONLY', [[1]]],
      [2, 'ONE_READER_ONLY', [[2]]],
    ],
  );
  assert.deepEqual(placesToCheck(cubes(), rule), []);
});

test('accepted is agreed, corrected within the rule stands as corrected, the rest is disputed', () => {
  const first = cubes([1, 1, 1, 4], [12, 1, 1, 5], [1, 12, 1, 5], [12, 12, 1, 4]);
  // Lesion 1 corrects the second by one layer, lesion 2 the third beyond the rule, lesion 3 was missed.
  const second = cubes([12, 1, 1, 6], [5, 15, 1, 6], [19, 19, 6, 3]);
  const checks = new Map<number, Check>([
    [1, { decision: 'ACCEPT' }],
    [2, { decision: 'REDRAW', lesionNumbers: [1] }],
    [3, { decision: 'REDRAW', lesionNumbers: [2] }],
    [4, { decision: 'REJECT' }],
  ]);
  const { groups, verdicts } = compareChecked(first, second, checks, rule);
  assert.deepEqual(
    groups.map(({ number, kind, lesionNumbers }) => [number, kind, lesionNumbers]),
    [
      [1, 'AGREED', [[1], []]],
      [2, 'AGREED', [[2], [1]]],
      [3, 'BOUNDARY_DISPUTE', [[3], [2]]],
      [4, 'ONE_READER_ONLY', [[4], []]],
      [5, 'ONE_READER_ONLY', [[], [3]]],
    ],
  );
  // Cubes of 5 and 6 share 125 voxels.
  assert.ok(Math.abs(groups[1]!.dice! - (2 * 125) / (125 + 216)) < 1e-12);
  const judged = new Map([
    ...verdicts,
    [3, { decision: 'MERGE', lesions: [{ read: 0, lesionNumber: 3 }, { read: 1, lesionNumber: 2 }] }] as const,
    [4, { decision: 'REJECT' }] as const,
    [5, { decision: 'ACCEPT', lesions: [{ read: 1, lesionNumber: 3 }] }] as const,
  ]); // biome-ignore format: a table
  const { label } = composeGroundTruth({ reads: [first, second], groups, verdicts: judged });
  const shared = 1 * 2 * 5;
  assert.equal(voxels(label), 4 ** 3 + 6 ** 3 + (5 ** 3 + 6 ** 3 - shared) + 3 ** 3);
});

test('a correction that takes away is not undone by a vote', () => {
  const first = cubes([1, 1, 1, 6]);
  const second = cubes([1, 1, 1, 5]);
  const { groups, verdicts } = compareChecked(
    first,
    second,
    new Map([[1, { decision: 'REDRAW', lesionNumbers: [1] }]]),
    rule,
  );
  assert.equal(groups[0]!.kind, 'AGREED');
  assert.equal(voxels(composeGroundTruth({ reads: [first, second], groups, verdicts }).label), 125);
});

test('a small lesion agrees by overlap, never without', () => {
  const small = { ...rule, smallLesionMm: 5 };
  for (const [corner, kind] of [
    [3, 'AGREED'],
    [8, 'BOUNDARY_DISPUTE'],
  ] as const) {
    const checks = new Map<number, Check>([[1, { decision: 'REDRAW', lesionNumbers: [1] }]]);
    const { groups } = compareChecked(cubes([1, 1, 1, 3]), cubes([corner, 1, 1, 3]), checks, small);
    assert.equal(groups[0]!.kind, kind);
  }
});

test('nothing outlined and nothing added is agreed; an addition to nothing is a dispute', () => {
  assert.deepEqual(compareChecked(cubes(), undefined, new Map(), rule).groups, []);
  const { groups } = compareChecked(cubes(), cubes([1, 1, 1, 3]), new Map(), rule);
  assert.deepEqual(
    groups.map(({ kind, lesionNumbers }) => [kind, lesionNumbers]),
    [['ONE_READER_ONLY', [[], [1]]]],
  );
});

test('a place without a check and a correction that is not there are refused', () => {
  const first = cubes([1, 1, 1, 3]);
  assert.throws(() => compareChecked(first, undefined, new Map(), rule), { code: 'VERDICT_MISSING' });
  const absent = new Map<number, Check>([[1, { decision: 'REDRAW', lesionNumbers: [2] }]]);
  assert.throws(() => compareChecked(first, cubes([1, 1, 1, 2]), absent, rule), { code: 'INVALID' });
  const other = { ...cubes(), grid: { ...grid, size: [12, 24, 24] as const } };
  assert.throws(() => compareChecked(first, other, new Map(), rule), { code: 'GRID_MISMATCH' });
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { metricNames } from '#core/domain/evaluation-report.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { developmentCase, developmentThresholds } from './development-thresholds.ts';
import { type CaseFigures, evaluateCase } from './evaluate-case.ts';
import { figuresRows, groupTests, type JudgedCase, meanRocCurves } from './evaluate-set.ts';
import { rankSumTest } from './wilcoxon.ts';

const size = [24, 20, 12] as const;
const grid = { size, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const length = size[0] * size[1] * size[2];

type Block = readonly [from: readonly [number, number, number], edges: readonly [number, number, number]];

function fill<T extends Float32Array | Uint16Array | Uint8Array>(data: T, value: number, ...blocks: Block[]): T {
  for (const [[i, j, k], [di, dj, dk]] of blocks)
    for (let z = k; z < k + dk; z++)
      for (let y = j; y < j + dj; y++) data.fill(value, (z * 20 + y) * 24 + i, (z * 20 + y) * 24 + i + di);
  return data;
}

const brainMask = {
  grid,
  data: fill(new Uint8Array(length), 1, [
    [0, 0, 0],
    [16, 20, 12],
  ]),
};
const lesionA: Block = [
  [2, 2, 2],
  [4, 4, 4],
];
const lesionB: Block = [
  [2, 10, 2],
  [3, 3, 3],
];
const truth = { grid, data: fill(new Uint16Array(length), 1, lesionA, lesionB) };

/** Half of lesion A, an invented region of 8 mm³, one of 12 mm³, one 2 mm outside the brain and one farther out. */
const map = fill(
  new Float32Array(length).fill(0.1),
  0.8,
  [
    [2, 2, 2],
    [4, 4, 2],
  ],
  [
    [10, 2, 2],
    [2, 2, 2],
  ],
  [
    [10, 10, 2],
    [3, 2, 2],
  ],
);
const probability = {
  grid,
  data: fill(
    map,
    0.9,
    [
      [17, 2, 2],
      [1, 1, 1],
    ],
    [
      [18, 10, 2],
      [3, 3, 3],
    ],
  ),
};

test('a case is judged as it would be served', () => {
  const figures = evaluateCase({ probability, truth, brainMask, threshold: 0.5 });
  assert.equal(figures.lesionCount, 2);
  assert.equal(figures.foundLesionCount, 1);
  assert.equal(figures.lesionSensitivity, 0.5);
  // The region that begins at column 18 lies more than 2 mm outside the mask, which ends with column 15.
  assert.equal(figures.falsePositives, 3);
  assert.equal(figures.falsePositives10mm3, 1);
  assert.equal(figures.precision, 32 / (32 + 8 + 12 + 1));
  assert.equal(figures.recall, 32 / (64 + 27));
  assert.equal(figures.dice, 64 / (91 + 53));
  assert.equal(figures.detectedDice, 64 / (64 + 32));
  const outside = 16 * 20 * 12 - 91;
  assert.deepEqual(figures.youden, {
    threshold: Math.fround(0.8),
    sensitivity: 32 / 91,
    specificity: (outside - 20) / outside,
  });
  // Pairs of a lesion and another voxel: won if 0.8 meets 0.1, a draw if they are equal.
  const pairs = 32 * (outside - 20) + (32 * 20 + 59 * (outside - 20)) / 2;
  assert.ok(Math.abs(figures.auc! - pairs / (91 * outside)) < 1e-12);
  assert.equal(figures.brats23Dice, 64 / 96 / 5);
  assert.ok(figures.brats23Hd95Mm! > (4 * 374) / 5 && figures.brats23Hd95Mm! < (4 * 374 + 4) / 5);
});

test('a case without metastasis has false positives and nothing else', () => {
  const free = evaluateCase({ probability, truth: { grid, data: new Uint16Array(length) }, brainMask, threshold: 0.5 });
  const { falsePositives, falsePositives10mm3, lesionCount, foundLesionCount, ...others } = free;
  assert.deepEqual([falsePositives, falsePositives10mm3, lesionCount, foundLesionCount], [4, 2, 0, 0]);
  for (const [name, value] of Object.entries(others)) assert.equal(value, null, name);
});

test('a prediction of nothing has no precision, no recall and a Dice of 0', () => {
  const nothing = evaluateCase({ probability, truth, brainMask, threshold: 0.99 });
  assert.deepEqual([nothing.precision, nothing.recall, nothing.dice, nothing.detectedDice], [null, 0, 0, null]);
  assert.deepEqual([nothing.brats23Dice, nothing.brats23Hd95Mm], [0, 374]);
});

test('development thresholds: the mean of Youden thresholds over patients, and the greatest mean Dice', () => {
  const random = new SeededRandom(4);
  const development = (subjectId: string, lesion: number, own = truth) =>
    developmentCase(
      subjectId,
      { grid, data: Float32Array.from(own.data, (value) => (value > 0 ? lesion : 0.2 * random.next())) },
      own,
      brainMask,
    );
  const free = { grid, data: new Uint16Array(length) };
  const cases = [development('a', 0.5), development('a', 0.75), development('b', 0.25), development('c', 0, free)];
  const chosen = developmentThresholds(cases, 2)!;
  assert.equal(chosen.youden, (0.625 + 0.25) / 2);
  assert.ok(chosen.maxDice > 0.19 && chosen.maxDice <= 0.25, `${chosen.maxDice}`);
  assert.ok(chosen.meanDice > 0.99);
  assert.equal(developmentThresholds([cases[3]!], 2), null);
});

test('the sensitive threshold is the lowest within the bound on false alarms that keeps nine tenths of the Dice', () => {
  // A sure lesion, a doubtful one, and three false alarms, one less sure than the other.
  const alarm = (column: number, row: number): Block => [
    [column, row, 8],
    [1, 1, 1],
  ];
  const data = new Float32Array(length);
  fill(data, 0.9, lesionA);
  fill(data, 0.6, lesionB);
  [0.7, 0.5, 0.3].forEach((value, n) => {
    fill(data, value, alarm(2 + 4 * n, 4));
  });
  const cases = [developmentCase('a', { grid, data }, truth, brainMask)];
  const chosen = (maxFpPerCase: number) => developmentThresholds(cases, maxFpPerCase)!.sensitive;
  assert.equal(developmentThresholds(cases, 0)!.maxDice, 0.501);
  // Without alarms the doubtful lesion is lost, and with it too much of the Dice: the greatest Dice it is.
  assert.deepEqual([0, 1, 2, 3].map(chosen), [0.501, 0.501, 0.301, 0.001]);
});

function judged(subjectId: string, site: string, lesionCount: number, dice: number | null): JudgedCase {
  const base = evaluateCase({ probability, truth, brainMask, threshold: 0.5 });
  const rocCurve = lesionCount === 0 ? null : base.rocCurve;
  const figures: CaseFigures = { ...base, rocCurve, lesionCount, foundLesionCount: Math.min(lesionCount, 1), dice };
  return { subjectId, site, figures };
}

const judgedCases = [
  judged('a', 'north', 1, 0.2),
  judged('a', 'north', 2, 0.4),
  judged('b', 'north', 3, 0.9),
  judged('c', 'south', 5, 0.5),
  judged('d', 'south', 12, null),
  judged('e', 'south', 0, null),
];

test('rows of figures are over patients, those without metastasis apart', () => {
  const rows = figuresRows(judgedCases, 'LESION_GROUP', 1);
  assert.deepEqual(
    rows.map(({ label, caseCount, lesionCount, foundLesionCount }) => [
      label,
      caseCount,
      lesionCount,
      foundLesionCount,
    ]),
    [
      ['all', 5, 23, 5],
      ['1-3', 3, 6, 3],
      ['4-10', 1, 5, 1],
      ['>10', 1, 12, 1],
      ['no metastasis', 1, 0, 0],
    ],
  );
  const [all, few] = rows;
  assert.ok(Math.abs(all!.dice!.mean - (0.3 + 0.9 + 0.5) / 3) < 1e-12);
  assert.deepEqual([all!.dice!.count, few!.dice!.count], [3, 2]);
  assert.ok(Math.abs(few!.dice!.mean - 0.6) < 1e-12 && few!.dice!.low95! < 0.6 && few!.dice!.high95! > 0.6);
  assert.equal(rows[3]!.dice, null);
  assert.equal(rows[4]!.fpPerCase!.mean, 3);
  assert.deepEqual(
    figuresRows(judgedCases, 'SITE', 1).map(({ label, caseCount }) => [label, caseCount]),
    [
      ['north', 3],
      ['south', 2],
      ['south, no metastasis', 1],
    ],
  );
});

test('groups are tested in pairs, each patient once', () => {
  const tests = groupTests(judgedCases);
  assert.equal(tests.filter(({ metric }) => metric === 'dice').length, 1, '>10 has no Dice');
  assert.equal(tests.length, 3 * (metricNames.length - 1) + 1);
  const { pValue, exact } = rankSumTest([0.3, 0.9], [0.5]);
  const dice = tests.find(({ metric }) => metric === 'dice');
  assert.equal(dice?.first, 'ONE_TO_THREE');
  assert.equal(dice?.second, 'FOUR_TO_TEN');
  assert.ok(Math.abs(dice!.pValue - pValue) < 1e-12);
  assert.equal(dice!.exact, exact);
});

test('mean ROC curves have a point for each percent', () => {
  const curves = meanRocCurves(judgedCases, 1);
  assert.deepEqual(
    curves.map(({ label }) => label),
    ['all', '1-3', '4-10', '>10'],
  );
  const single = evaluateCase({ probability, truth, brainMask, threshold: 0.5 }).rocCurve!;
  assert.equal(curves[0]!.mean.length, 101);
  curves[0]!.mean.forEach((value, n) => {
    assert.ok(Math.abs(value - single[n]!) < 1e-12);
  });
  assert.equal(curves[2]!.low95, null);
});

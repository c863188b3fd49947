import assert from 'node:assert/strict';
import test from 'node:test';
import { DomainError } from '../domain/errors.ts';
import type { LabelVolume } from '../domain/geometry.ts';
import { SeededRandom } from '../domain/random.ts';
import { compareReads, defaultAgreementRule } from './agreement.ts';
import { components } from './components.ts';
import { composeGroundTruth, UnresolvedDisputeError, type Verdict } from './ground-truth.ts';

const size = [40, 40, 12] as const;
const grid = { size, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };

type Block = readonly [
  number: number,
  from: readonly [number, number, number],
  edges: readonly [number, number, number],
];

/** A label volume of blocks: number, first voxel, edges in voxels. */
function drawn(...blocks: Block[]): LabelVolume {
  const data = new Uint16Array(size[0] * size[1] * size[2]);
  for (const [number, [i, j, k], [di, dj, dk]] of blocks)
    for (let z = k; z < k + dk; z++)
      for (let y = j; y < j + dj; y++) data.fill(number, (z * 40 + y) * 40 + i, (z * 40 + y) * 40 + i + di);
  return { grid, data };
}

const voxelCount = ({ data }: LabelVolume, number?: number): number =>
  data.reduce((sum, value) => sum + (number === undefined ? Number(value !== 0) : Number(value === number)), 0);

// Lesion 1 is drawn alike but for a row, lesion 2 by the first reader only, lesion 3 is twice as long in the second
// read, and
// lesion 4 is small and overlaps in half of its voxels.
const first = drawn(
  [1, [2, 2, 1], [8, 8, 4]],
  [2, [20, 2, 1], [3, 3, 3]],
  [3, [2, 20, 6], [8, 6, 4]],
  [4, [30, 30, 9], [2, 2, 2]],
);
const second = drawn([4, [2, 2, 1], [8, 7, 4]], [1, [2, 20, 6], [16, 6, 4]], [9, [31, 30, 9], [2, 2, 2]]);

test('lesions of two reads are matched and judged', () => {
  const groups = compareReads([first, second]);
  assert.deepEqual(
    groups.map(({ number, kind, lesionNumbers }) => ({ number, kind, lesionNumbers })),
    [
      { number: 1, kind: 'AGREED', lesionNumbers: [[1], [4]] },
      { number: 2, kind: 'ONE_READER_ONLY', lesionNumbers: [[2], []] },
      { number: 3, kind: 'BOUNDARY_DISPUTE', lesionNumbers: [[3], [1]] },
      { number: 4, kind: 'AGREED', lesionNumbers: [[4], [9]] },
    ],
  );
  assert.equal(groups[0]!.dice, (2 * 224) / (256 + 224));
  assert.equal(groups[0]!.hd95Mm, 1);
  assert.deepEqual([groups[1]!.dice, groups[1]!.hd95Mm], [null, null]);
  assert.equal(groups[2]!.dice, 2 / 3);
  assert.ok(groups[2]!.hd95Mm! > 6 && groups[2]!.hd95Mm! <= 8, `${groups[2]!.hd95Mm}`);
  assert.equal(groups[3]!.dice, 0.5);
});

test('the rule decides what agrees', () => {
  const kinds = (rule: Partial<typeof defaultAgreementRule>): string[] =>
    compareReads([first, second], { ...defaultAgreementRule, ...rule }).map(({ kind }) => kind);
  assert.equal(kinds({ minDice: 0.95 })[0], 'BOUNDARY_DISPUTE');
  assert.equal(kinds({ maxHd95Mm: 0.5 })[0], 'BOUNDARY_DISPUTE');
  assert.equal(kinds({ minDice: 0.6, maxHd95Mm: 8 })[2], 'AGREED');
  assert.equal(kinds({ smallLesionMm: 2 })[3], 'BOUNDARY_DISPUTE', 'both are 1.41 + 1 mm long');
});

test('a third reader joins what overlaps through others, and one who missed it makes it ONE_READER_ONLY', () => {
  const chain = [
    drawn([1, [0, 0, 0], [6, 4, 4]]),
    drawn([1, [5, 0, 0], [6, 4, 4]]),
    drawn([1, [10, 0, 0], [6, 4, 4]], [2, [30, 0, 0], [2, 2, 2]]),
  ];
  const groups = compareReads(chain);
  assert.deepEqual(groups[0], {
    number: 1,
    kind: 'BOUNDARY_DISPUTE',
    lesionNumbers: [[1], [1], [1]],
    dice: 0,
    hd95Mm: 10,
  });
  assert.equal(groups[1]!.kind, 'ONE_READER_ONLY');
  const two = compareReads([chain[0]!, chain[0]!, drawn()]);
  assert.deepEqual([two[0]!.kind, two[0]!.dice, two[0]!.hd95Mm], ['ONE_READER_ONLY', 1, 0]);
});

test('a split lesion and touching numbers are one group', () => {
  const whole = drawn([1, [2, 2, 2], [12, 6, 4]]);
  const halves = drawn([5, [2, 2, 2], [6, 6, 4]], [6, [8, 2, 2], [6, 6, 4]]);
  const [group, ...others] = compareReads([whole, halves]);
  assert.equal(others.length, 0);
  assert.deepEqual([group!.kind, group!.lesionNumbers, group!.dice], ['AGREED', [[1], [5, 6]], 1]);
});

test('no read and other grids are refused', () => {
  assert.throws(() => compareReads([]), RangeError);
  const shifted = { grid: { size, indexToLps: grid.indexToLps.with(3, 5) }, data: first.data };
  assert.throws(
    () => compareReads([first, shifted]),
    (error) => error instanceof DomainError && error.code === 'GRID_MISMATCH',
  );
});

test('ground truth waits for verdicts', () => {
  const groups = compareReads([first, second]);
  assert.throws(
    () => composeGroundTruth({ reads: [first, second], groups, verdicts: new Map([[2, { decision: 'REJECT' }]]) }),
    (error) =>
      error instanceof UnresolvedDisputeError && error.code === 'VERDICT_MISSING' && error.groups.join() === '3',
  );
});

test('each verdict gives its outline, numbered with its origin', () => {
  const reads = [first, second];
  const groups = compareReads(reads);
  const compose = (second2: Verdict, third: Verdict, adjudicated?: LabelVolume) =>
    composeGroundTruth({
      reads,
      groups,
      verdicts: new Map([
        [2, second2],
        [3, third],
      ]),
      ...(adjudicated === undefined ? {} : { adjudicated }),
    });
  const rejected = compose(
    { decision: 'REJECT' },
    {
      decision: 'MERGE',
      lesions: [
        { read: 0, lesionNumber: 3 },
        { read: 1, lesionNumber: 1 },
      ],
    },
  );
  assert.deepEqual(rejected.provenance, [
    { lesionNumber: 1, origins: [{ group: 1, decision: 'AGREED' }] },
    { lesionNumber: 2, origins: [{ group: 3, decision: 'MERGE' }] },
    { lesionNumber: 3, origins: [{ group: 4, decision: 'AGREED' }] },
  ]);
  assert.deepEqual(
    [1, 2, 3].map((number) => voxelCount(rejected.label, number)),
    [256, 384, 12],
    'unions',
  );

  const accepted = compose(
    { decision: 'ACCEPT', lesions: [{ read: 0, lesionNumber: 2 }] },
    { decision: 'ACCEPT', lesions: [{ read: 0, lesionNumber: 3 }] },
  );
  assert.deepEqual(
    [1, 2, 3, 4].map((number) => voxelCount(accepted.label, number)),
    [256, 27, 192, 12],
  );

  const redrawn = compose(
    { decision: 'REJECT' },
    { decision: 'REDRAW', lesionNumbers: [6] },
    drawn([6, [3, 21, 6], [9, 5, 4]], [7, [0, 0, 0], [1, 1, 1]]),
  );
  assert.equal(voxelCount(redrawn.label, 2), 180);
  assert.deepEqual(redrawn.provenance[1]!.origins, [{ group: 3, decision: 'REDRAW' }]);
});

test('a verdict takes the place of agreement, and touching outlines become one lesion of two origins', () => {
  const reads = [drawn([1, [2, 2, 2], [4, 4, 4]]), drawn([1, [2, 2, 2], [4, 4, 4]], [2, [20, 20, 2], [4, 4, 4]])];
  const groups = compareReads(reads);
  const none = composeGroundTruth({
    reads,
    groups,
    verdicts: new Map([
      [1, { decision: 'REJECT' }],
      [2, { decision: 'REJECT' }],
    ]),
  });
  assert.deepEqual([voxelCount(none.label), none.provenance], [0, []]);
  const joined = composeGroundTruth({
    reads,
    groups,
    verdicts: new Map([[2, { decision: 'REDRAW', lesionNumbers: [1] }]]),
    adjudicated: drawn([1, [6, 6, 6], [14, 14, 2]]),
  });
  assert.deepEqual(joined.provenance, [
    {
      lesionNumber: 1,
      origins: [
        { group: 1, decision: 'AGREED' },
        { group: 2, decision: 'REDRAW' },
      ],
    },
  ]);
});

test('three readers vote by majority and specks of the vote fall away', () => {
  const reads = [drawn([1, [2, 2, 2], [8, 8, 4]]), drawn([1, [2, 2, 2], [8, 8, 5]]), drawn([1, [2, 2, 2], [9, 8, 4]])];
  const { label } = composeGroundTruth({ reads, groups: compareReads(reads), verdicts: new Map() });
  assert.equal(voxelCount(label), 256);

  const thread = (read: LabelVolume, at: readonly Block[]): LabelVolume => {
    const more = drawn(...at).data;
    return { grid, data: read.data.map((value, n) => value || more[n]!) };
  };
  // Two readers reach voxel (14, 14, 3) along different ways, on which nobody else marked anything.
  const specks = [
    thread(reads[0]!, [
      [1, [9, 14, 3], [6, 1, 1]],
      [1, [9, 9, 3], [1, 6, 1]],
    ]),
    thread(reads[0]!, [
      [1, [14, 9, 3], [1, 6, 1]],
      [1, [9, 9, 3], [6, 1, 1]],
    ]),
    reads[0]!,
  ];
  const voted = composeGroundTruth({
    reads: specks,
    groups: compareReads(specks, { ...defaultAgreementRule, maxHd95Mm: 20 }),
    verdicts: new Map(),
  });
  assert.equal(voxelCount(voted.label), 256);
  assert.equal(voted.label.data[(3 * 40 + 14) * 40 + 14], 0);
});

test('verdicts on what does not exist are refused', () => {
  const reads = [first, second];
  const groups = compareReads(reads);
  const wrong: [number, Verdict][] = [
    [8, { decision: 'REJECT' }],
    [2, { decision: 'ACCEPT', lesions: [] }],
    [2, { decision: 'ACCEPT', lesions: [{ read: 0, lesionNumber: 1 }] }],
    [
      3,
      {
        decision: 'ACCEPT',
        lesions: [
          { read: 0, lesionNumber: 3 },
          { read: 1, lesionNumber: 1 },
        ],
      },
    ],
    [2, { decision: 'REDRAW', lesionNumbers: [3] }],
  ];
  for (const [group, verdict] of wrong) {
    const verdicts = new Map<number, Verdict>([
      [2, { decision: 'REJECT' }],
      [3, { decision: 'REJECT' }],
    ]).set(group, verdict);
    assert.throws(
      () => composeGroundTruth({ reads, groups, verdicts, adjudicated: drawn() }),
      (error) => error instanceof DomainError && error.code === 'INVALID',
      `group ${group}: ${JSON.stringify(verdict)}`,
    );
  }
});

test('groups of random reads cover each lesion once, and full agreement gives back the label', () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new SeededRandom(seed);
  const block = (number: number): Block => [
    number,
    [random.int(34), random.int(34), random.int(8)],
    [1 + random.int(6), 1 + random.int(6), 1 + random.int(4)],
  ];
  for (let round = 0; round < 20; round++) {
    const reads = [1, 2, 3].map(() => drawn(...Array.from({ length: 6 }, (_, n) => block(n + 1))));
    const groups = compareReads(reads);
    reads.forEach(({ data }, read) => {
      const listed = groups.flatMap(({ lesionNumbers }) => lesionNumbers[read]!);
      assert.deepEqual(
        listed.toSorted((a, b) => a - b),
        [...new Set(data)].filter((n) => n > 0).sort((a, b) => a - b),
        `seed ${seed}`,
      );
    });
    const same = [reads[0]!, reads[0]!];
    const { label } = composeGroundTruth({ reads: same, groups: compareReads(same), verdicts: new Map() });
    assert.deepEqual(label.data, new Uint16Array(components(reads[0]!.data, size, 26).labels), `seed ${seed}`);
  }
});

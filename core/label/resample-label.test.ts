import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import {
  type Grid,
  invertAffine,
  type LabelVolume,
  type PointLps,
  transformPoint,
  voxelCount,
  voxelVolumeMm3,
} from '../domain/geometry.ts';
import { resampleLabel } from './resample-label.ts';

/** A grid of these spacings, turned about the axis of slices, whose middle is the origin and then moved. */
function gridOf(size: Grid['size'], spacing: PointLps, angle = 0, move: PointLps = [0, 0, 0]): Grid {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [x, y, z] = spacing;
  const directions = [c * x, -s * y, 0, 0, s * x, c * y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1];
  const middle = transformPoint(directions, size.map((n) => (n - 1) / 2) as unknown as PointLps);
  const origin = move.map((at, axis) => at - middle[axis]!);
  return { size, indexToLps: directions.map((value, n) => (n % 4 === 3 && n < 12 ? origin[(n - 3) / 4]! : value)) };
}

function drawn(grid: Grid, valueAt: (point: PointLps) => number): LabelVolume {
  const [columns, rows, slices] = grid.size;
  const data = new Uint16Array(voxelCount(grid));
  let n = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) data[n++] = valueAt(transformPoint(grid.indexToLps, [i, j, k]));
  return { grid, data };
}
const ball =
  (radius: number, centre: PointLps = [0, 0, 0], number = 1) =>
  (p: PointLps): number =>
    Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) <= radius ? number : 0;
const box =
  ([x, y, z]: PointLps, centre: PointLps = [0, 0, 0], number = 1) =>
  (p: PointLps): number =>
    Math.abs(p[0] - centre[0]) < x / 2 && Math.abs(p[1] - centre[1]) < y / 2 && Math.abs(p[2] - centre[2]) < z / 2
      ? number
      : 0;
/** Balls about a point of a lattice have volumes that are off by several parts in a hundred, since voxels come and go by the dozen. */
const nowhereInParticular: PointLps = [0.23, -0.31, 0.17];
const refused = (message: RegExp) => ({ code: 'GRID_MISMATCH', message });

const bravo = gridOf([40, 40, 40], [1, 1, 1]);

test('on the grid that it has, a label stays as it is', () => {
  const label = drawn(bravo, ball(7));
  const { label: same, segments } = resampleLabel(label, bravo);
  assert.deepEqual(same.data, label.data);
  assert.equal(segments[0]!.voxelCountBefore, segments[0]!.voxelCountAfter);
});

test('parallel grids: a box keeps its volume to the last voxel, whichever is the finer', () => {
  const fine = gridOf([80, 80, 80], [0.5, 0.5, 0.5]);
  const coarse = gridOf([20, 20, 20], [2, 2, 2]);
  for (const from of [fine, coarse]) {
    const { segments } = resampleLabel(drawn(from, box([12, 8, 16])), bravo);
    assert.deepEqual(
      [segments[0]!.volumeMm3Before, segments[0]!.volumeMm3After, segments[0]!.voxelCountAfter],
      [1536, 1536, 1536],
    );
  }
  const { segments } = resampleLabel(drawn(bravo, box([12, 8, 16])), coarse);
  assert.equal(segments[0]!.volumeMm3After, 1536);
});

test('shifted by half a voxel, a box is moved and neither grows nor shrinks', () => {
  for (const move of [0.5, -0.5]) {
    const shifted = gridOf([36, 36, 36], [1, 1, 1], 0, [move, 0, 0]);
    const { segments } = resampleLabel(drawn(shifted, box([9, 8.5, 8.5], [0, 0, 0])), bravo);
    assert.deepEqual([segments[0]!.voxelCountBefore, segments[0]!.voxelCountAfter], [576, 576]);
  }
});

test('balls and boxes keep their volume on oblique grids within a few parts in a hundred', () => {
  // Of coarse voxels whose slices are parallel to the grid's a whole layer more or less may be met.
  for (const [spacing, size, angle, tolerance] of [
    [[0.5, 0.5, 0.5], [70, 70, 70], 0.37, 0.03],
    [[0.45, 0.45, 1.2], [80, 80, 28], 0.6, 0.03],
    [[1.3, 1.3, 1.1], [30, 30, 30], 0.2, 0.12],
  ] as const) {
    const from = gridOf(size, spacing, angle, [0.3, -0.2, 0.1]);
    const shapes = [
      ...[4, 6.5, 10].map((r) => [ball(r, nowhereInParticular), (4 / 3) * Math.PI * r ** 3] as const),
      [box([10, 8, 12], nowhereInParticular), 960] as const,
    ];
    for (const [shape, exact] of shapes) {
      const [segment] = resampleLabel(drawn(from, shape), bravo).segments;
      const { volumeMm3After: after, volumeMm3Before: before } = segment!;
      const told = `${after} of ${before}, ${exact} before it was drawn, by ${spacing} mm`;
      assert.ok(Math.abs(after / before - 1) < tolerance, told);
      assert.ok(Math.abs(after / exact - 1) < tolerance + 0.04, told);
    }
  }
});

test('a sheet thinner than half a voxel is not made a voxel thick, as by the nearest neighbours of its middle', () => {
  const fine = gridOf([100, 100, 100], [0.4, 0.4, 0.4]);
  const lesion = drawn(fine, (p) => box([8, 8, 8])(p) || box([20, 20, 0.4], [0, 0, 0.6])(p));
  const { segments, rule } = resampleLabel(lesion, bravo);
  assert.deepEqual([rule, segments[0]!.voxelCountAfter], ['PARTIAL_VOLUME', 512]);
  const toFine = invertAffine(fine.indexToLps);
  const nearest = drawn(bravo, (p) => {
    const [i, j, k] = transformPoint(toFine, p).map(Math.round) as [number, number, number];
    return lesion.data[(k * 100 + j) * 100 + i]!;
  });
  assert.equal(nearest.data.filter((value) => value > 0).length, 512 + 400 - 64);
});

test('segments that vanish, fall apart, merge or part are refused by number', () => {
  const fine = gridOf([80, 80, 80], [0.5, 0.5, 0.5]);
  const speck = drawn(fine, (p) => ball(6)(p) || ball(0.4, [10.2, 10.2, 10.2], 2)(p));
  assert.throws(() => resampleLabel(speck, bravo), refused(/Nothing would be left of segment 2 \(0\.\d mm3\)/));
  const thread = drawn(fine, (p) => ball(4, [-6, 0, 0])(p) || ball(4, [6, 0, 0])(p) || box([6, 0.6, 0.6])(p));
  assert.throws(() => resampleLabel(thread, bravo), refused(/Segment 1 has 1 separate parts and would have 2/));
  const coarse = gridOf([20, 20, 20], [2, 2, 2]);
  const near = drawn(fine, (p) => box([7.5, 8, 8], [-4.25, 0, 0])(p) || box([7.5, 8, 8], [4.25, 0, 0], 2)(p));
  assert.throws(() => resampleLabel(near, coarse), refused(/Segments 1 and 2 would touch/));
  const parts = drawn(fine, (p) => box([7.5, 8, 8], [-4.25, 0, 0])(p) || box([7.5, 8, 8], [4.25, 0, 0])(p));
  assert.throws(() => resampleLabel(parts, coarse), refused(/Segment 1 has 2 separate parts and would have 1/));
});

test('what lies outside BRAVO is refused, and an empty label is none', () => {
  const wide = gridOf([60, 60, 60], [1, 1, 1]);
  assert.throws(
    () => resampleLabel(drawn(wide, ball(5, [20, 0, 0])), bravo),
    refused(/voxels of segment 1 \(\d+ mm3\) lie outside BRAVO/),
  );
  assert.equal(resampleLabel(drawn(wide, ball(5, [12, 0, 0])), bravo).segments.length, 1);
  const { label, segments } = resampleLabel(
    drawn(wide, () => 0),
    bravo,
  );
  assert.deepEqual([segments, label.data.some((value) => value > 0)], [[], false]);
});

interface OracleCase {
  readonly name: string;
  readonly from: Grid;
  readonly to: Grid;
  readonly label: string;
  readonly nearest: string;
  readonly shares: readonly string[];
}
const oracle: { cases: OracleCase[] } = JSON.parse(
  readFileSync(new URL('resample-label.oracle.json', import.meta.url), 'utf8'),
);
const coarse = ['coarser', 'the same spacing, turned'];
for (const { name, from, to, label, nearest, shares } of oracle.cases)
  test(`each voxel is what SimpleITK finds it to be: ${name}`, () => {
    const source = { grid: from, data: Uint16Array.from(Buffer.from(label, 'base64')) };
    const { label: found, segments, rule } = resampleLabel(source, to);
    const [one, two] = shares.map((share) => Buffer.from(share, 'base64')) as [Buffer, Buffer];
    // The volume of the label itself, by what the shares add up to.
    const exact = ([...one].reduce((sum, share) => sum + share, 0) / 250) * voxelVolumeMm3(to);
    assert.ok(Math.abs(segments[0]!.volumeMm3Before / exact - 1) < 0.01);
    if (coarse.includes(name)) {
      assert.equal(rule, 'NEAREST');
      assert.deepEqual(found.data, Uint16Array.from(Buffer.from(nearest, 'base64')));
      assert.ok(Math.abs(segments[0]!.volumeMm3After / exact - 1) < 0.05);
      return;
    }
    assert.equal(rule, 'PARTIAL_VOLUME');
    let uncertain = 0;
    found.data.forEach((value, n) => {
      const labelled = one[n]! + two[n]!;
      // Both sides sample; where the answer hangs on a few of the samples they may differ.
      if (Math.abs(labelled - 125) <= 6) uncertain++;
      else
        assert.equal(
          value,
          labelled < 125 ? 0 : one[n]! > two[n]! ? 1 : 2,
          `voxel ${n}: ${one[n]} and ${two[n]} of 250`,
        );
    });
    const total = segments.reduce((sum, { voxelCountAfter }) => sum + voxelCountAfter, 0);
    assert.ok(segments.length === 2 && uncertain < 0.1 * total, `${uncertain} of ${total}`);
    assert.ok(Math.abs(segments[0]!.volumeMm3After / exact - 1) < 0.07);
  });

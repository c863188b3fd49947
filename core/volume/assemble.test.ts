import assert from 'node:assert/strict';
import test from 'node:test';
import { transformPoint } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { AssemblyError, type AssemblyErrorCode, assembleSeries, type SliceImage } from './assemble.ts';

const [columns, rows, count] = [4, 3, 6];
const value = (i: number, j: number, k: number): number => 100 * k + 10 * j + i;

/** An oblique stack, 0.8 x 0.9 mm pixels and 1.5 mm gaps. */
function stack(): SliceImage[] {
  const angle = 0.3;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const orientation = [c, s, 0, 0, 0, -1];
  const normal = [-s, c, 0];
  return Array.from({ length: count }, (_, k) => ({
    sopInstanceUid: `1.2.${k}`,
    rows,
    columns,
    pixelSpacingMm: [0.8, 0.9],
    imageOrientation: orientation,
    imagePosition: [10 + 1.5 * k * normal[0]!, -20 + 1.5 * k * normal[1]!, 30],
    pixels: Int16Array.from({ length: rows * columns }, (_, n) => value(n % columns, Math.floor(n / columns), k)),
  }));
}

const changed = (at: number, change: Partial<SliceImage>): SliceImage[] =>
  stack().map((slice, k) => (k === at ? { ...slice, ...change } : slice));

test('orders by position, whatever the order of the instances, and keeps the geometry exact', () => {
  const seed = 7;
  const orders = { forward: stack(), reversed: stack().reverse(), shuffled: new SeededRandom(seed).shuffle(stack()) };
  for (const [name, slices] of Object.entries(orders)) {
    const { grid, data } = assembleSeries(slices);
    assert.deepEqual(grid.size, [columns, rows, count], name);
    for (let k = 0; k < count; k++)
      for (let j = 0; j < rows; j++)
        for (let i = 0; i < columns; i++) assert.equal(data[(k * rows + j) * columns + i], value(i, j, k), name);
    // DICOM PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1.
    const { imagePosition: p, imageOrientation: o } = stack()[4]!;
    const expected = [0, 1, 2].map((axis) => p[axis]! + o[axis]! * 0.9 * 3 + o[3 + axis]! * 0.8 * 2);
    const found = transformPoint(grid.indexToLps, [3, 2, 4]);
    for (const axis of [0, 1, 2]) assert.ok(Math.abs(found[axis]! - expected[axis]!) < 1e-9, `${name} axis ${axis}`);
  }
});

test('a stack along the other normal is ordered along its own', () => {
  const flipped = stack().map((slice) => ({
    ...slice,
    imageOrientation: slice.imageOrientation.map((x, n) => (n < 3 ? -x : x)),
  }));
  const { grid, data } = assembleSeries(flipped);
  assert.equal(data[0], value(0, 0, count - 1));
  assert.deepEqual(transformPoint(grid.indexToLps, [0, 0, 0]), flipped[count - 1]!.imagePosition);
});

test('applies the rescale of every slice', () => {
  const { data } = assembleSeries(changed(2, { rescaleSlope: 2, rescaleIntercept: -5 }));
  assert.equal(data[2 * rows * columns + 1], 2 * value(1, 0, 2) - 5);
  assert.equal(data[1], value(1, 0, 0));
});

test('one slice needs its thickness', () => {
  const [slice] = stack();
  assert.throws(() => assembleSeries([slice!]), { code: 'MISSING_GEOMETRY' });
  const { grid } = assembleSeries([{ ...slice!, sliceThicknessMm: 3 }]);
  assert.ok(Math.abs(grid.indexToLps[2]! - -3 * Math.sin(0.3)) < 1e-12);
});

test('rounded positions and cosines are accepted', () => {
  const rounded = stack().map((slice) => ({
    ...slice,
    imagePosition: slice.imagePosition.map((x) => Number(x.toFixed(2))),
    imageOrientation: slice.imageOrientation.map((x) => Number(x.toFixed(4))),
  }));
  assert.equal(assembleSeries(rounded).grid.size[2], count);
});

const position = (k: number): readonly number[] => stack()[k]!.imagePosition;
const sheared = stack().map((slice, k) => ({
  ...slice,
  imagePosition: [slice.imagePosition[0]!, slice.imagePosition[1]!, slice.imagePosition[2]! + 0.2 * k],
}));
const blank = new Uint8Array(rows * columns).fill(9);
const refusals: readonly (readonly [AssemblyErrorCode, string, SliceImage[], RegExp])[] = [
  ['NO_SLICES', 'an empty series', [], /no slices/],
  ['MIXED_ORIENTATION', 'a localizer', changed(1, { imageOrientation: [1, 0, 0, 0, 1, 0] }), /1\.2\.1/],
  ['MIXED_SIZE', 'another matrix', changed(3, { rows: 4, columns: 3 }), /3 x 4/],
  ['MIXED_SIZE', 'another pixel spacing', changed(3, { pixelSpacingMm: [0.8, 0.8] }), /0\.8 x 0\.8 mm/],
  ['MIXED_SIZE', 'cut pixel data', changed(3, { pixels: new Int16Array(11) }), /11 values/],
  ['DUPLICATE_POSITION', 'two phases', changed(3, { imagePosition: position(2) }), /same position/],
  ['NON_UNIFORM_GAP', 'a missing slice', stack().toSpliced(3, 1), /may be missing/],
  ['SHEARED', 'gantry tilt', sheared, /sheared/],
  ['MISSING_GEOMETRY', 'no position', changed(0, { imagePosition: [] }), /Image Position/],
  ['MISSING_GEOMETRY', 'a broken position', changed(0, { imagePosition: [0, Number.NaN, 0] }), /Image Position/],
  ['MISSING_GEOMETRY', 'no orientation', changed(0, { imageOrientation: [] }), /Image Orientation/],
  ['MISSING_GEOMETRY', 'skewed axes', changed(0, { imageOrientation: [1, 0, 0, 0.6, 0.8, 0] }), /perpendicular/],
  ['MISSING_GEOMETRY', 'a spacing of 0', changed(0, { pixelSpacingMm: [0, 1] }), /Pixel Spacing/],
  ['MISSING_GEOMETRY', 'no rows', changed(0, { rows: 0 }), /0 rows/],
  ['NOT_FINITE', 'a broken rescale', changed(5, { rescaleSlope: Number.NaN }), /NaN at pixel 0/],
  ['CONSTANT', 'an empty image', stack().map((slice) => ({ ...slice, pixels: blank })), /no slice .* all 9/],
  ['CONSTANT_SLICE', 'a lost image', changed(2, { pixels: blank }), /slice 1\.2\.2, .* is all 9/],
  ['TOO_LARGE', 'more than fits', changed(0, { rows: 2 ** 14, columns: 2 ** 13 + 1 }), /134 million voxels/],
];

test('blank slices at the ends of a stack are no fault', () => {
  const slices = stack().map((slice, k) => (k < 2 || k === count - 1 ? { ...slice, pixels: blank } : slice));
  assert.equal(assembleSeries(slices).data[0], 9);
});

for (const [code, name, slices, message] of refusals)
  test(`refuses ${name} as ${code}`, () => {
    assert.throws(
      () => assembleSeries(slices),
      (error) => error instanceof AssemblyError && error.code === code && message.test(error.message),
    );
  });

import assert from 'node:assert/strict';
import test from 'node:test';
import { isInside, outlinesOf } from './outline.ts';

/** Set where an odd number of outlines is around the pixel's centre. */
const filled = (mask: Uint8Array, columns: number, rows: number): Uint8Array => {
  const outlines = outlinesOf(mask, columns, rows);
  return mask.map((_, n) => outlines.filter((one) => isInside(one, n % columns, Math.floor(n / columns))).length % 2);
};
const maskOf = (...lines: string[]): Uint8Array => Uint8Array.from(lines.join(''), (one) => (one === '#' ? 1 : 0));

test('a rectangle has its four corners, half a pixel out', () => {
  const [outline, ...rest] = outlinesOf(maskOf('....', '.##.', '.##.'), 4, 3);
  assert.deepEqual(
    [outline, rest],
    [
      [
        [0.5, 0.5],
        [2.5, 0.5],
        [2.5, 2.5],
        [0.5, 2.5],
      ],
      [],
    ],
  );
});

test('holes, islands in holes and pixels that touch at a corner come back as they were', () => {
  const mask = maskOf(
    '#########',
    '#.......#',
    '#.##.##.#',
    '#.#.#...#',
    '#.......#',
    '#########',
    '.#.#.#.#.',
    '#.#.#.#.#',
  );
  assert.deepEqual(filled(mask, 9, 8), mask);
});

test('any mask comes back from its outlines', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  for (let round = 0; round < 60; round++) {
    const density = random();
    const mask = Uint8Array.from({ length: 13 * 11 }, () => (random() < density ? 1 : 0));
    assert.deepEqual(filled(mask, 13, 11), mask, `seed ${seed}, round ${round}`);
  }
});

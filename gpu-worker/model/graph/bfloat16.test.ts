import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeBfloat16 } from './bfloat16.ts';

const words = (values: Float32Array): number[] => [...new Uint16Array(encodeBfloat16(values).buffer)];

test('bfloat16 rounds to nearest, ties to even', () => {
  const ulp = 2 ** -7; // of bfloat16 between 1 and 2
  const cases: [number, number][] = [
    [0, 0x0000],
    [1, 0x3f80],
    [-2, 0xc000],
    [1 + ulp / 2, 0x3f80],
    [1 + (3 * ulp) / 2, 0x3f82],
    [1 + ulp / 2 + 2 ** -20, 0x3f81],
    [3.4028234663852886e38, 0x7f80],
    [Number.POSITIVE_INFINITY, 0x7f80],
    [Number.NEGATIVE_INFINITY, 0xff80],
  ];
  assert.deepEqual(
    words(Float32Array.from(cases, ([value]) => value)),
    cases.map(([, word]) => word),
  );
});

test('a NaN stays one, even if its payload lies in the bits that are dropped', () => {
  const values = new Float32Array(new Uint32Array([0x7f800001, 0xffffffff]).buffer);
  for (const word of words(values)) {
    assert.equal(word & 0x7f80, 0x7f80);
    assert.notEqual(word & 0x007f, 0);
  }
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { scaleOf } from './plot-scale.ts';

test('marks are round and hold every value', () => {
  assert.deepEqual(scaleOf(0, 1).marks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(scaleOf(-38, 12).marks, [-40, -30, -20, -10, 0, 10, 20]);
  assert.deepEqual(scaleOf(0, 0.3, 3).marks, [0, 0.1, 0.2, 0.3]);
  for (const [low, high] of [
    [-1e-6, 3e-6],
    [1e5, 1.7e6],
    [-5, -1],
    [0.1, 0.7],
  ] as const) {
    const { marks, at } = scaleOf(low, high);
    assert.ok(marks[0]! <= low && marks.at(-1)! >= high, `${marks}`);
    assert.ok(marks.length >= 3 && marks.length <= 8, `${marks}`);
    assert.ok(at(low) >= 0 && at(high) <= 1 && at(high) > at(low));
  }
});

test('one value alone has an axis about it', () => {
  for (const value of [0, 7, -3]) {
    const { marks, at } = scaleOf(value, value);
    assert.ok(marks[0]! <= value && marks.at(-1)! >= value && marks.length > 1);
    assert.ok(Number.isFinite(at(value)));
  }
});

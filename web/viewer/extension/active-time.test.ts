import assert from 'node:assert/strict';
import test from 'node:test';
import { ActiveTime, idleAfterMs } from './active-time.ts';

test('time counts from one sign of the reader to the next', () => {
  const time = new ActiveTime();
  assert.equal(time.unsettled(5000), 0, 'before the first sign');
  for (const now of [10_000, 15_000, 40_000]) time.sign(now);
  assert.equal(time.unsettled(41_000), 31_000);
});

test('after a minute without a sign the clock stands still, and at once when the page is left', () => {
  const time = new ActiveTime();
  time.sign(0);
  assert.equal(time.unsettled(10 * idleAfterMs), idleAfterMs);
  time.sign(10 * idleAfterMs);
  time.leave(10 * idleAfterMs + 2000);
  time.sign(20 * idleAfterMs);
  assert.equal(time.unsettled(20 * idleAfterMs + 500), idleAfterMs + 2500);
});

test('what was told counts once, and what came meanwhile stays', () => {
  const time = new ActiveTime(3000);
  time.sign(0);
  const told = time.unsettled(10_000);
  assert.equal(told, 13_000);
  time.sign(11_000);
  time.settle(told);
  assert.equal(time.unsettled(12_000), 2000);
});

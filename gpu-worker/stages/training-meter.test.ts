import assert from 'node:assert/strict';
import test from 'node:test';
import { divergence, nextCheckpointMs, remainingText, TrainingMeter } from './training-meter.ts';

function meterOf(losses: readonly number[]): TrainingMeter {
  const meter = new TrainingMeter(4);
  for (const loss of losses) meter.add(loss);
  return meter;
}

test('a measurement is the mean since the last one', () => {
  const meter = meterOf([4, 2]);
  assert.equal(meter.takeMeasurement().loss, 3);
  meter.add(1);
  assert.equal(meter.takeMeasurement().loss, 1);
  assert.equal(meter.recentLoss, 7 / 3);
});

test('a loss that is no number, or has exploded, is divergence; noise and a bad start are not', () => {
  const steady = Array.from({ length: 50 }, (_, n) => 0.8 + 0.1 * (n % 3));
  assert.equal(divergence(meterOf(steady)), undefined);
  assert.equal(divergence(meterOf([...steady, 9])), undefined);
  assert.equal(divergence(meterOf([30, 20, 3, 1, ...steady])), undefined);
  assert.match(divergence(meterOf([...steady, Number.NaN]))!, /no number/);
  assert.match(divergence(meterOf([...steady, Number.POSITIVE_INFINITY]))!, /no number/);
  assert.match(divergence(meterOf([...steady, ...Array(20).fill(50)]))!, /risen from 0.89\d? to 50/);
});

test('checkpoints come every minute at first, then after each tenth of the time', () => {
  assert.equal(nextCheckpointMs(0), 60_000);
  assert.equal(nextCheckpointMs(300_000), 360_000);
  assert.equal(nextCheckpointMs(36_000_000), 39_600_000);
});

test('what is left is told in seconds, minutes or hours', () => {
  assert.deepEqual([40_000, 600_000, 9_000_000].map(remainingText), ['40 s left', '10 min left', '2.5 h left']);
});

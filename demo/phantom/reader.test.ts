import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid, LabelVolume } from '#core/domain/geometry.ts';
import { simulateReader } from './reader.ts';

const grid: Grid = { size: [60, 60, 60], indexToLps: [2, 0, 0, -60, 0, 2, 0, -60, 0, 0, 2, -60, 0, 0, 0, 1] };

/** 27 balls of 2 to 5 voxels radius, numbered 1 to 27. */
function ballsTruth(): LabelVolume {
  const data = new Uint16Array(60 ** 3);
  for (let n = 0; n < data.length; n++) {
    const index = [n % 60, Math.floor(n / 60) % 60, Math.floor(n / 3600)];
    const cell = index.map((v) => Math.floor(v / 20)) as [number, number, number];
    const ball = cell[0] + 3 * cell[1] + 9 * cell[2];
    const radius = 1.7 + (ball % 9) * 0.4;
    if (Math.hypot(...index.map((v, axis) => v - 20 * cell[axis]! - 10)) <= radius) data[n] = ball + 1;
  }
  return { grid, data };
}

const truth = ballsTruth();

/** Dice of each truth lesion with whatever the reader drew within its cell; undefined if nothing. */
function dices(a: LabelVolume, b: LabelVolume): (number | undefined)[] {
  return Array.from({ length: 27 }, (_, ball) => {
    let [na, nb, both] = [0, 0, 0];
    for (let n = 0; n < a.data.length; n++) {
      const cell =
        Math.floor((n % 60) / 20) + 3 * (Math.floor(Math.floor(n / 60) / 20) % 3) + 9 * Math.floor(n / 72000);
      if (cell !== ball) continue;
      if (a.data[n]) na++;
      if (b.data[n]) nb++;
      if (a.data[n] && b.data[n]) both++;
    }
    return na && nb ? (2 * both) / (na + nb) : undefined;
  });
}

test('two readers mostly agree, but not to the voxel', () => {
  const options = { missSmall: 0, dispute: 0 };
  const found = dices(simulateReader(truth, { seed: 1, ...options }), simulateReader(truth, { seed: 2, ...options }));
  const numbers = found.filter((dice) => dice !== undefined);
  assert.equal(numbers.length, 27);
  assert.ok(numbers.filter((dice) => dice > 0.7).length >= 24, numbers.join());
  assert.ok(numbers.filter((dice) => dice < 0.99).length >= 20, numbers.join());
});

test('the same seed draws the same, another seed another', () => {
  const first = simulateReader(truth, { seed: 7 });
  assert.deepEqual(simulateReader(truth, { seed: 7 }).data, first.data);
  assert.notDeepEqual(simulateReader(truth, { seed: 8 }).data, first.data);
});

test('small lesions are missed as often as asked, large ones never; numbers have no gap', () => {
  const reader = simulateReader(truth, { seed: 3, missSmall: 1, smallMm: 9, dispute: 0, falsePositive: 0 });
  const seen = dices(truth, reader);
  const sizes = Array.from({ length: 27 }, (_, n) => truth.data.filter((label) => label === n + 1).length);
  const small = (voxels: number): boolean => 4 * Math.cbrt((3 * voxels) / (4 * Math.PI)) < 9;
  for (let n = 0; n < 27; n++) assert.equal(seen[n] === undefined, small(sizes[n]!), `lesion of ${sizes[n]} voxels`);
  const numbers = [...new Set(reader.data)].filter((n) => n > 0).sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    numbers.map((_, n) => n + 1),
  );
});

test('disputed boundaries are far off, yet the lesion is there', () => {
  const found = dices(truth, simulateReader(truth, { seed: 5, missSmall: 0, dispute: 1 }));
  assert.ok(found.every((dice) => dice !== undefined && dice > 0));
  const mean = (found as number[]).reduce((sum, dice) => sum + dice, 0) / 27;
  assert.ok(mean < 0.75, `mean Dice ${mean}`);
});

test('vessels are taken for lesions only at the places given', () => {
  const place = [-60 + 2 * 20, -60 + 2 * 20, -60 + 2 * 20] as const;
  const without = simulateReader(truth, { seed: 4, falsePositive: 1 });
  const reader = simulateReader(truth, { seed: 4, falsePositive: 1, mimics: [place] });
  const added = [...reader.data.keys()].filter((n) => reader.data[n] !== without.data[n]);
  assert.ok(added.length > 0 && added.length < 40);
  for (const n of added) {
    const index = [n % 60, Math.floor(n / 60) % 60, Math.floor(n / 3600)];
    assert.ok(Math.hypot(...index.map((v) => v - 20)) <= 1.7);
  }
});

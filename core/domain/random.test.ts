import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { SeededRandom } from './random.ts';

const golden = JSON.parse(readFileSync(new URL('random.oracle.json', import.meta.url), 'utf8')) as {
  fromState1234: number[];
  fromSeed: Record<string, number[]>;
};

test('the numbers are those of xoshiro128++ and SplitMix32', () => {
  const random = SeededRandom.fromState('00000001000000020000000300000004');
  assert.deepEqual(
    golden.fromState1234.map(() => random.uint32()),
    golden.fromState1234,
  );
  for (const [seed, expected] of Object.entries(golden.fromSeed)) {
    const seeded = new SeededRandom(Number(seed));
    assert.deepEqual(
      expected.map(() => seeded.uint32()),
      expected,
    );
  }
});

test('a stored state goes on where it was', () => {
  const random = new SeededRandom(5);
  for (let n = 0; n < 7; n++) random.normal();
  const copy = SeededRandom.fromState(random.state);
  const draw = (r: SeededRandom): number[] => [r.next(), r.normal(), r.int(1000), r.uint32()];
  assert.deepEqual(draw(copy), draw(random));
  assert.equal(copy.state, random.state);
});

test('uniform and normal numbers have their moments', () => {
  const seed = 11;
  const random = new SeededRandom(seed);
  const n = 200_000;
  const moments = (draw: () => number): [number, number] => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < n; i++) {
      const value = draw();
      sum += value;
      squares += value * value;
    }
    return [sum / n, squares / n];
  };
  // Five standard errors of each mean.
  const near = (value: number, expected: number, deviation: number): void =>
    assert.ok(Math.abs(value - expected) < (5 * deviation) / Math.sqrt(n), `seed ${seed}: ${value} for ${expected}`);
  const [mean, square] = moments(() => random.next());
  near(mean, 1 / 2, Math.sqrt(1 / 12));
  near(square, 1 / 3, Math.sqrt(4 / 45));
  const [normalMean, normalSquare] = moments(() => random.normal());
  near(normalMean, 0, 1);
  near(normalSquare, 1, Math.SQRT2);
});

test('whole numbers are as likely each, and a shuffle keeps its items', () => {
  const seed = 12;
  const random = new SeededRandom(seed);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.int(7)]! += 1;
  // Five standard deviations of a binomial count.
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 5 * 93, `seed ${seed}: ${counts}`);
  const items = Array.from({ length: 50 }, (_, n) => n);
  const shuffled = random.shuffle([...items]);
  assert.notDeepEqual(shuffled, items);
  assert.deepEqual(
    shuffled.toSorted((a, b) => a - b),
    items,
  );
});

test('what is no seed, state or range is refused', () => {
  assert.throws(() => new SeededRandom(0.5), /seed has to be a whole number, not 0.5/);
  assert.throws(() => SeededRandom.fromState('xyz'), /"xyz" is not the state/);
  assert.throws(() => SeededRandom.fromState('0'.repeat(32)), /is not the state/);
  assert.throws(() => new SeededRandom(1).int(0), /No whole number lies in 0/);
});

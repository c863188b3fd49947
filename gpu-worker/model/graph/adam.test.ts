import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { SeededRandom } from '#core/domain/random.ts';
import { Session } from '../session.ts';
import { adam, updateMovingAverage } from './adam.ts';
import { fill } from './arithmetic.ts';
import { Graph, type Variable } from './graph.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-adam-'));
after(() => rmSync(directory, { recursive: true }));

const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };
const count = 5;

/** Kingma and Ba 2015, algorithm 1 with the step size of its section 2, and the L2 penalty's gradient added. */
function reference(weights: Float64Array, slopes: readonly Float32Array[], rates: readonly number[]): Float64Array {
  const [m, v, w] = [new Float64Array(count), new Float64Array(count), Float64Array.from(weights)];
  slopes.forEach((slope, n) => {
    const rate = (rates[n]! * Math.sqrt(1 - options.beta2 ** (n + 1))) / (1 - options.beta1 ** (n + 1));
    for (let i = 0; i < count; i++) {
      const g = slope[i]! + options.weightDecay * w[i]!;
      m[i] = options.beta1 * m[i]! + (1 - options.beta1) * g;
      v[i] = options.beta2 * v[i]! + (1 - options.beta2) * g * g;
      w[i]! -= (rate * m[i]!) / (Math.sqrt(v[i]!) + options.epsilon);
    }
  });
  return w;
}

test("six steps are those of Adam's definition, with a rate of its own each", async () => {
  const g = new Graph();
  const variable = g.variable('weights', [count]);
  const gradient = g.placeholder('gradient', 'float32', [count]);
  const rate = g.placeholder('rate', 'float32', []);
  const value = g.read(variable);
  const { slots, updates } = adam(g, [{ variable, value, gradient, decays: true }], rate, options);
  g.signature('step', { gradient, rate }, { done: g.identity(g.constant(1), updates) });
  const initial = slots.map((slot) => g.assign(slot.variable, fill(g, slot.variable.shape, g.constant(slot.initial))));
  const start = g.placeholder('start', 'float32', [count]);
  g.signature('init', { start }, { done: g.identity(g.constant(1), [...initial, g.assign(variable, start)]) });
  g.signature('read', {}, { weights: g.read(variable) });

  const seed = 3;
  const random = new SeededRandom(seed);
  const normals = (): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const first = normals();
  const [slopes, rates] = [Array.from({ length: 6 }, normals), [0.1, 0.1, 0.05, 0.02, 0.2, 0.01]];
  const session = await Session.open(g, directory);
  session.run('init', { start: first });
  slopes.forEach((slope, n) => {
    session.run('step', { gradient: slope, rate: Float32Array.of(rates[n]!) });
  });
  const found = session.run('read').weights!;
  session.close();
  reference(Float64Array.from(first), slopes, rates).forEach((expected, i) => {
    assert.ok(Math.abs(found[i]! - expected) < 1e-5, `seed ${seed}, weight ${i}: ${found[i]} for ${expected}`);
  });
});

test('a moving average goes its share of the way to the value', async () => {
  const g = new Graph();
  const average: Variable = g.variable('average', [2]);
  const value = g.placeholder('value', 'float32', [2]);
  g.signature(
    'init',
    {},
    { done: g.identity(g.constant(1), [g.assign(average, g.constant(Float32Array.of(1, -4), [2]))]) },
  );
  g.signature('step', { value }, { done: g.identity(g.constant(1), [updateMovingAverage(g, average, value, 0.75)]) });
  g.signature('read', {}, { average: g.read(average) });
  const session = await Session.open(g, directory);
  session.run('init');
  session.run('step', { value: Float32Array.of(5, 0) });
  assert.deepEqual([...session.run('read').average!], [2, -3]);
  session.close();
});

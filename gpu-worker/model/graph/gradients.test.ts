import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { SeededRandom } from '#core/domain/random.ts';
import { Session, type Values } from '../session.ts';
import { binary } from './arithmetic.ts';
import { batchNormTraining } from './batch-norm.ts';
import { conv2d } from './convolution.ts';
import { gradients } from './gradients.ts';
import { Graph, type Tensor } from './graph.ts';
import { cast, concat, maxPool, relu, splitChannels } from './layers.ts';
import { mean, sigmoidCrossEntropy } from './loss.ts';
import { overlapAdd } from './overlap-add.ts';
import { elementCount, type Shape } from './spec.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-gradients-'));
after(() => rmSync(directory, { recursive: true }));

interface Case {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly build: (g: Graph, inputs: Readonly<Record<string, Tensor>>) => Tensor;
  /** Values of the inputs; uniform in -1 to 1 unless given. */
  readonly draw?: (random: SeededRandom, count: number) => Float32Array;
  readonly step?: number;
}

/** The mean of `y` times fixed random numbers, so that every element has a slope of its own. */
function weightedMean(g: Graph, y: Tensor, random: SeededRandom): Tensor {
  const weights = g.constant(
    Float32Array.from({ length: elementCount(y.shape) }, () => random.normal()),
    y.shape,
  );
  const weighted = binary(g, 'Mul', y, weights);
  return mean(
    g,
    g.differentiable(weighted, [y], (dy) => [binary(g, 'Mul', dy, weights)]),
  );
}

/** The largest error of an analytic gradient against central differences, relative to the input's largest slope. */
async function largestError({ inputs, build, draw, step = 1e-2 }: Case, seed: number): Promise<number> {
  const random = new SeededRandom(seed);
  const g = new Graph();
  const fed: Record<string, Tensor> = {};
  for (const [name, shape] of Object.entries(inputs)) fed[name] = g.placeholder(name, 'float32', shape);
  const loss = weightedMean(g, build(g, fed), random);
  const slopes = gradients(g, loss, Object.values(fed));
  const named = Object.keys(fed).map((name, i) => [`d_${name}`, slopes[i]!] as const);
  g.signature('loss', fed, { loss });
  g.signature('gradients', fed, Object.fromEntries(named));
  const uniform: Case['draw'] = (r, count) => Float32Array.from({ length: count }, () => 2 * r.next() - 1);
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, shape]) => [name, (draw ?? uniform)(random, elementCount(shape))]),
  );
  const session = await Session.open(g, directory);
  try {
    return compare(session, values, step);
  } finally {
    session.close();
  }
}

function compare(session: Session, values: Values, step: number): number {
  const analytic = session.run('gradients', values);
  let worst = 0;
  for (const [name, value] of Object.entries(values)) {
    const slope = analytic[`d_${name}`]!;
    const largest = slope.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    assert.ok(largest > 0, `the slope of ${name} is zero throughout`);
    const lossAt = (element: number, by: number): number => {
      const moved = Float32Array.from(value);
      moved[element]! += by;
      return session.run('loss', { ...values, [name]: moved }).loss![0]!;
    };
    slope.forEach((v, element) => {
      const numeric = (lossAt(element, step) - lossAt(element, -step)) / (2 * step);
      worst = Math.max(worst, Math.abs(numeric - v) / largest);
    });
  }
  return worst;
}

/** Further from zero than a step, on either side. */
const awayFromZero: Case['draw'] = (random, count) =>
  Float32Array.from({ length: count }, () => (0.1 + random.next()) * (random.next() < 0.5 ? -1 : 1));

/** Apart from each other by more than a step. */
const apart: Case['draw'] = (random, count) =>
  Float32Array.from(random.shuffle(Array.from({ length: count }, (_, n) => n)), (n) => 0.05 * n);

const cases: Readonly<Record<string, Case>> = {
  'convolution 3x3': {
    inputs: { x: [2, 5, 4, 3], kernel: [3, 3, 3, 2] },
    build: (g, { x, kernel }) => conv2d(g, x!, kernel!),
  },
  'convolution 3x3, stride 2': {
    inputs: { x: [1, 5, 6, 2], kernel: [3, 3, 2, 3] },
    build: (g, { x, kernel }) => conv2d(g, x!, kernel!, 2),
  },
  'convolution 1x1': {
    inputs: { x: [2, 3, 3, 4], kernel: [1, 1, 4, 3] },
    build: (g, { x, kernel }) => conv2d(g, x!, kernel!),
  },
  'transpose convolution 8x8, stride 4': {
    inputs: { x: [2, 3, 2, 3], kernel: [8, 8, 1, 3] },
    build: (g, { x, kernel }) => overlapAdd(g, x!, kernel!, 4),
  },
  'batch normalization': {
    inputs: { x: [2, 3, 3, 2], scale: [2], offset: [2] },
    build: (g, { x, scale, offset }) => batchNormTraining(g, x!, scale!, offset!, 1e-3).y,
  },
  ReLU: { inputs: { x: [2, 3, 3, 2] }, build: (g, { x }) => relu(g, x!), draw: awayFromZero },
  'max pool, stride 2': { inputs: { x: [1, 5, 4, 2] }, build: (g, { x }) => maxPool(g, x!, 3, 2), draw: apart },
  'max pool, stride 1': { inputs: { x: [1, 4, 4, 2] }, build: (g, { x }) => maxPool(g, x!, 3, 1), draw: apart },
  concatenation: {
    inputs: { a: [1, 3, 3, 2], b: [1, 3, 3, 1], c: [1, 3, 3, 3] },
    build: (g, { a, b, c }) => concat(g, [a!, b!, c!]),
  },
  'a split, its parts used in another order': {
    inputs: { x: [1, 3, 3, 6] },
    build: (g, { x }) => {
      const [a, b, c] = splitChannels(g, x!, [2, 1, 3]);
      return concat(g, [c!, a!, b!]);
    },
  },
  'cross-entropy': {
    inputs: { logits: [2, 3, 3, 1] },
    build: (g, { logits }) => {
      const labels = g.constant(
        Float32Array.from({ length: 18 }, (_, n) => (n % 3 === 0 ? 1 : 0)),
        [2, 3, 3, 1],
      );
      return sigmoidCrossEntropy(g, logits!, labels, 10);
    },
    draw: (random, count) => Float32Array.from({ length: count }, () => 3 * random.normal()),
  },
  'branches that share an input': {
    inputs: { x: [2, 4, 4, 2], left: [3, 3, 2, 2], right: [1, 1, 2, 1], head: [4, 4, 1, 5] },
    build: (g, { x, left, right, head }) =>
      overlapAdd(g, concat(g, [conv2d(g, x!, left!), conv2d(g, x!, right!), x!]), head!, 2),
  },
};

for (const [name, each] of Object.entries(cases)) {
  test(`the gradient is that of central differences: ${name}`, async (t) => {
    const seed = 20;
    const error = await largestError(each, seed);
    t.diagnostic(`seed ${seed}, largest relative error ${error.toExponential(1)}`);
    assert.ok(error < 5e-4, `seed ${seed}: ${error}`);
  });
}

test('a cast passes the gradient on, rounded as the type is', async () => {
  const g = new Graph();
  const x = g.placeholder('x', 'float32', [3]);
  const loss = weightedMean(g, cast(g, cast(g, x, 'bfloat16'), 'float32'), new SeededRandom(1));
  const [slope] = gradients(g, loss, [x]);
  g.signature('gradients', { x }, { slope: slope! });
  const session = await Session.open(g, directory);
  const found = session.run('gradients', { x: new Float32Array(3) }).slope!;
  session.close();
  const random = new SeededRandom(1);
  found.forEach((value) => {
    const exact = random.normal() / 3;
    assert.ok(Math.abs(value - exact) <= Math.abs(exact) * 2 ** -8, `${value} for ${exact}`);
  });
});

test('cross-entropy is its definition, at extreme logits too', async () => {
  const [z, y] = [Float32Array.of(-80, -1.5, 0, 0.3, 40, -80, 2), Float32Array.of(0, 0, 1, 1, 1, 1, 0)];
  const g = new Graph();
  const [logits, labels] = [g.placeholder('z', 'float32', [7]), g.placeholder('y', 'float32', [7])];
  g.signature('loss', { z: logits, y: labels }, { loss: sigmoidCrossEntropy(g, logits, labels, 10) });
  const session = await Session.open(g, directory);
  const found = session.run('loss', { z, y }).loss!;
  session.close();
  found.forEach((value, i) => {
    const expected = y[i] ? 10 * Math.log1p(Math.exp(-z[i]!)) : Math.log1p(Math.exp(z[i]!));
    assert.ok(Math.abs(value - expected) <= 1e-6 * Math.max(1, expected), `${value} for ${expected}`);
  });
});

test('the builder refuses what does not fit', () => {
  const g = new Graph();
  const x = g.placeholder('x', 'float32', [1, 4, 4, 3]);
  const kernel = g.placeholder('kernel', 'float32', [3, 3, 2, 1]);
  assert.throws(() => conv2d(g, x, kernel), /Conv2D: float32\[1,4,4,3\] by float32\[3,3,2,1\]/);
  assert.throws(() => conv2d(g, cast(g, x, 'bfloat16'), kernel), /the types differ/);
  assert.throws(() => concat(g, [x, g.placeholder('y', 'float32', [1, 4, 5, 3])]), /the images differ/);
  assert.throws(() => g.constant(new Float32Array(3), [2]), /shape \[2\] was given 3 values/);
  const unrelated = g.placeholder('z', 'float32', []);
  assert.throws(() => gradients(g, unrelated, [x]), /does not depend on x/);
  g.variable('weight', [2]);
  assert.throws(() => g.variable('weight', [2]), /already has a variable weight/);
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { loadTensorFlow, type TensorFlow } from '../native/engine.ts';
import type { Architecture } from './architecture.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { batchNormEpsilon, networkParameters } from './parameters.ts';
import type { TensorMap } from './safetensors.ts';
import { type Batch, Trainer } from './trainer.ts';

// The numbers of training-graph.oracle.py, in float64. Where float32 finds a value on the other side of a kink (ReLU, the greatest in a
// pool), all gradients before it differ by some hundredths, so that much is allowed to single ones; most agree to 1e-5.
interface Golden {
  readonly losses: readonly (readonly number[])[];
  /** By name: Euclidean norm, elements at even distances. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly variables: Readonly<Record<string, readonly number[]>>;
  readonly probability: readonly number[];
}
const golden = JSON.parse(readFileSync(new URL('training-graph.oracle.json', import.meta.url), 'utf8')) as {
  readonly steps: Golden;
  readonly accumulated: Omit<Golden, 'variables'>;
};

const directory = mkdtempSync(join(tmpdir(), 'metloop-training-graph-'));
after(() => rmSync(directory, { recursive: true }));

const architecture: Architecture = { width: 0.125, channels: 7, sizePixels: 32, batch: 2, compute: 'float32' };
const pixels = 2 * 32 * 32;
const weightDecay = 0.01;
const learning = {
  ...{ positiveWeight: 10, momentum: 0.9, microBatches: 1 },
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay },
};

/** As in the oracle: a linear congruential generator of 32 bits, in [0, 1). */
function uniform(count: number, seed: number): Float64Array {
  let state = seed;
  return new Float64Array(count).map(() => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

function range(name: string, shape: readonly number[]): readonly [low: number, high: number] {
  if (name === 'head/kernel') return [-0.05, 0.05];
  if (/scale|variance/.test(name)) return [0.9, 1.1];
  if (name.endsWith('offset')) return [1.9, 2.1];
  if (name.endsWith('mean')) return [-0.1, 0.1];
  const limit = Math.sqrt(6 / (shape[0]! * shape[1]! * shape[2]!));
  return [-limit, limit];
}

/** The oracle made the weights in the order in which its answer names them. */
function firstWeights(): TensorMap {
  const order = Object.keys(golden.steps.variables);
  return new Map(
    networkParameters(architecture).map(({ name, shape }) => {
      const [low, high] = range(name, shape);
      const count = shape.reduce((product, size) => product * size, 1);
      const data = Float32Array.from(uniform(count, order.indexOf(name) + 1), (value) => low + (high - low) * value);
      return [name, { shape, data }];
    }),
  );
}

const batch = (seed: number): Batch => ({
  x: Float32Array.from(uniform(pixels * 7, seed), (value) => 2 * value - 1),
  y: Float32Array.from(uniform(pixels, seed + 1), (value) => (value < 0.15 ? 1 : 0)),
});

async function open(microBatches = 1): Promise<Trainer> {
  const trainer = await Trainer.open({ architecture, seed: 1, learning: { ...learning, microBatches } }, directory);
  trainer.warmStart({ network: architecture, tensors: firstWeights() });
  return trainer;
}

const state = (trainer: Trainer): TensorMap => decodeCheckpoint(trainer.state()).tensors;
/** After one step the first moment is a tenth of the gradient. */
const gradientOf = (tensors: TensorMap, name: string): Float32Array =>
  tensors.get(`${name}/adam_m`)!.data.map((value) => 10 * value);

/** Most gradients are a tenth and more; below this they are what remains of sums that cancel. */
const least = 1e-3;

/** The largest difference of a summary's numbers, by the tensor's root mean square. */
function differs(data: Float32Array, [norm = 0, ...samples]: readonly number[]): number {
  const scale = Math.max(least, norm / Math.sqrt(data.length));
  const found = samples.map((_, i) => data[Math.floor((i * (data.length - 1)) / (samples.length - 1))]!);
  const own = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
  return Math.max(
    Math.abs(own - norm) / Math.sqrt(data.length) / scale,
    ...found.map((value, i) => Math.abs(value - samples[i]!) / scale),
  );
}

/** Of the kernels, whose gradients have the L2 penalty's in them. */
const middle = (differences: ReadonlyMap<string, number>): number => {
  const sorted = [...differences]
    .flatMap(([name, value]) => (name.endsWith('kernel') ? value : []))
    .sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
};

const differencesOf = (tensors: TensorMap, gradients: Golden['gradients']): Map<string, number> =>
  new Map(Object.entries(gradients).map(([name, summary]) => [name, differs(gradientOf(tensors, name), summary)]));

const close = (found: number, expected: number): void =>
  assert.ok(Math.abs(found / expected - 1) < 1e-5, `${found} for ${expected}`);

test('loss, gradients, Adam and moving averages are those of Python TensorFlow', async (t) => {
  const trainer = await open();
  const { losses, gradients, variables, probability } = golden.steps;
  close(trainer.step(batch(1000)).loss, losses[0]![0]!);
  const tensors = state(trainer);
  const slopes = differencesOf(tensors, gradients);
  const worst = { gradient: Math.max(...slopes.values()), variable: 0 };
  for (const [name, summary] of Object.entries(variables))
    worst.variable = Math.max(worst.variable, differs(tensors.get(name)!.data, summary));
  close(trainer.step(batch(3000)).loss, losses[1]![0]!);
  const predicted = differs(trainer.predict(batch(1000).x), probability);
  trainer.close();
  t.diagnostic(`largest difference: gradient ${worst.gradient}, variable ${worst.variable}, probability ${predicted}`);
  assert.deepEqual(Object.keys(variables).length, networkParameters(architecture).length);
  assert.ok(middle(slopes) < 1e-3, `${middle(slopes)}`);
  assert.ok(worst.gradient < 0.05 && worst.variable < 0.01 && predicted < 0.01, JSON.stringify({ worst, predicted }));
});

test('the step of two batches is that of the mean of their gradients, each normalized by its own moments', async (t) => {
  const trainer = await open(2);
  const { losses, gradients, probability } = golden.accumulated;
  assert.throws(() => trainer.step(batch(1000)), /takes 2 batches by the plan; this is number 1/);
  close(trainer.accumulate(batch(1000)).loss, losses[0]![0]!);
  assert.throws(() => trainer.accumulate(batch(1000)), /this is the last of them/);
  assert.throws(() => trainer.state(), /between two steps/);
  close(trainer.step(batch(3000)).loss, losses[0]![1]!);
  const tensors = state(trainer);
  assert.ok([...tensors.keys()].every((name) => !name.includes('accumulator')));
  const slopes = differencesOf(tensors, gradients);
  const worst = Math.max(...slopes.values());
  const predicted = differs(trainer.predict(batch(1000).x), probability);
  trainer.close();
  t.diagnostic(`largest difference: gradient ${worst}, probability ${predicted}`);
  assert.ok(middle(slopes) < 1e-3 && worst < 0.05 && predicted < 0.01, `${middle(slopes)} ${worst} ${predicted}`);
});

test('the sums of a step do not reach into the next one', async () => {
  const [three, whole] = [await open(3), await open()];
  for (let step = 0; step < 2; step++) {
    three.accumulate(batch(1000));
    three.accumulate(batch(1000));
    three.step(batch(1000));
    whole.step(batch(1000));
  }
  const [a, b] = [state(three), state(whole)];
  three.close();
  whole.close();
  for (const { name } of networkParameters(architecture).filter(({ kind }) => kind === 'kernel' || kind === 'head')) {
    const [m, n] = [a.get(`${name}/adam_m`)!.data, b.get(`${name}/adam_m`)!.data];
    const scale = Math.max(least, Math.sqrt(n.reduce((sum, value) => sum + value * value, 0) / n.length));
    m.forEach((value, i) => {
      assert.ok(Math.abs(value - n[i]!) < 0.05 * scale, `${name}[${i}]: ${value} for ${n[i]}`);
    });
  }
});

/** The same network out of eager tfjs ops, by the weights' names. */
function eagerLoss(tf: TensorFlow, weights: ReadonlyMap<string, Tensor>, { x, y }: Batch): Tensor<Rank.R0> {
  const conv = (name: string, input: Tensor4D): Tensor4D => {
    const get = (part: string): Tensor => weights.get(`${name}/${part}`)!;
    const convolved = tf.conv2d(input, get('kernel') as Tensor4D, 1, 'same');
    const { mean, variance } = tf.moments(convolved, [0, 1, 2]);
    const normal = tf.div(tf.sub(convolved, mean), tf.sqrt(tf.add(variance, batchNormEpsilon)));
    return tf.relu(tf.add(tf.mul(normal, get('scale')), get('offset')));
  };
  const pool = (input: Tensor4D, stride: number): Tensor4D => tf.maxPool(input, 3, stride, 'same');
  const inception = (h: Tensor4D, name: string): Tensor4D =>
    tf.concat(
      [
        conv(`${name}/1x1`, h),
        conv(`${name}/3x3`, conv(`${name}/3x3_reduce`, h)),
        conv(`${name}/5x5`, conv(`${name}/5x5_reduce`, h)),
        conv(`${name}/pooled`, pool(h, 1)),
      ],
      3,
    );
  const stem = conv('stem/3x3', conv('stem/1x1', conv('stem/7x7', tf.tensor4d(x, [2, 32, 32, 7]))));
  const fourth = ['3a', '3b', '4a', '4b', '4c', '4d', '4e'].reduce(inception, pool(stem, 2));
  const fifth = ['5a', '5b'].reduce(inception, pool(fourth, 2));
  const logits = tf.conv2dTranspose(fifth, weights.get('head/kernel') as Tensor4D, [2, 32, 32, 1], 4, 'same');
  const labels = tf.tensor4d(y, [2, 32, 32, 1]);
  // -y log p - (1 - y) log (1 - p), with log p = -softplus(-z).
  const entropy = tf.add(tf.mul(labels, tf.softplus(tf.neg(logits))), tf.mul(tf.sub(1, labels), tf.softplus(logits)));
  return tf.mean(tf.mul(entropy, tf.add(1, tf.mul(9, labels))));
}

test('every element of the gradient and of the step is that of an eager tfjs model', async (t) => {
  const trainer = await open();
  const { loss } = trainer.step(batch(1000));
  const tensors = state(trainer);
  trainer.close();
  const tf = await loadTensorFlow();
  tf.engine().startScope();
  const first = firstWeights();
  const trained = networkParameters(architecture).filter(({ kind }) => !kind.startsWith('moving'));
  const variables = trained.map(({ name, shape }) => tf.tensor(first.get(name)!.data, [...shape]).variable(true, name));
  const weights = new Map<string, Tensor>(variables.map((variable) => [variable.name, variable]));
  const { value, grads } = tf.variableGrads(() => eagerLoss(tf, weights, batch(1000)), variables);
  let penalty = 0;
  let worst = 0;
  for (const { name, kind } of trained) {
    const [before, after, slope] = [first.get(name)!.data, tensors.get(name)!.data, grads[name]!.dataSync<'float32'>()];
    const decay = kind === 'kernel' || kind === 'head' ? weightDecay : 0;
    const expected = slope.map((each, i) => each + decay * before[i]!);
    const scale = Math.max(least, ...expected.map(Math.abs));
    gradientOf(tensors, name).forEach((found, i) => {
      penalty += (decay / 2) * before[i]! ** 2;
      worst = Math.max(worst, Math.abs(found - expected[i]!) / scale);
      // Adam's first step goes the learning rate against the slope's sign.
      const step = (-0.001 * found) / (Math.abs(found) + 1e-8 / Math.sqrt(1e-3));
      assert.ok(Math.abs(after[i]! - before[i]! - step) < 2e-6, `${name}[${i}]: ${after[i]! - before[i]!} for ${step}`);
    });
  }
  close(loss, value.dataSync()[0]! + penalty);
  tf.engine().endScope();
  t.diagnostic(`largest difference of a gradient's element, by the variable's largest: ${worst}`);
  assert.ok(worst < 0.05, `${worst}`);
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { NamedTensorMap } from '@tensorflow/tfjs-node-gpu';
import { SeededRandom } from '#core/domain/random.ts';
import { loadTensorFlow } from '../native/engine.ts';
import type { Architecture } from './architecture.ts';
import { type InferenceShape, savedModelBytes } from './inference-graph.ts';
import { networkParameters } from './parameters.ts';
import { Predictor } from './predictor.ts';
import { encodeSafetensors } from './safetensors.ts';
import { Trainer } from './trainer.ts';
import { decodeWeights, encodeWeights, type Weights } from './weights.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-predictor-'));
after(() => rmSync(directory, { recursive: true }));

const architecture: Architecture = { width: 0.15, channels: 14, sizePixels: 32, batch: 3, compute: 'float32' };
const shape: InferenceShape = { rows: 32, columns: 32, batch: 3, compute: 'float32' };
const pixels = 32 * 32;
const random = new SeededRandom(4);
const x = Float32Array.from({ length: 3 * pixels * 14 }, () => random.normal());

/** Weights as after a long training: no scale is 1, no average is at its start, and the logits are large. */
function lively(): Weights {
  const draw = {
    kernel: () => 0.15 * random.normal(),
    head: () => 0.2 * random.normal(),
    scale: () => 0.5 + random.next(),
    offset: () => 0.3 * random.normal(),
    movingMean: () => 0.5 * random.normal(),
    movingVariance: () => 0.3 + 2 * random.next(),
  };
  const tensors = networkParameters(architecture).map(({ name, kind, shape: sizes }) => {
    const data = Float32Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, draw[kind]);
    return [name, { shape: sizes, data }] as const;
  });
  return { network: { width: 0.15, channels: 14 }, tensors: new Map(tensors) };
}

const weights = lively();
let expected: Float32Array;

before(async () => {
  const trainer = await Trainer.open({ architecture, seed: 1 }, directory);
  trainer.warmStart(weights);
  expected = trainer.predict(x);
  trainer.close();
});

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

async function predict(of: InferenceShape, input: Float32Array, count: number): Promise<Float32Array> {
  const predictor = await Predictor.open(weights, of, directory);
  const probability = predictor.predict(input, count);
  predictor.close();
  return probability;
}

test('folding batch normalization does not change the prediction', async (t) => {
  const [least, most] = [Math.min(...expected), Math.max(...expected)];
  assert.ok(least < 0.2 && most > 0.8, `the prediction should use its range, not ${least} to ${most}`);
  const difference = largestDifference(await predict(shape, x, 3), expected);
  t.diagnostic(`largest difference ${difference.toExponential(1)}, of probabilities from ${least} to ${most}`);
  assert.ok(difference < 1e-4, String(difference));
});

test('bfloat16 stays near float32', async (t) => {
  const found = await predict({ ...shape, compute: 'bfloat16' }, x, 3);
  const mean = found.reduce((sum, value, i) => sum + Math.abs(value - expected[i]!), 0) / found.length;
  t.diagnostic(`mean difference ${mean.toExponential(1)}, largest ${largestDifference(found, expected)}`);
  assert.ok(mean > 0 && mean < 0.02, String(mean));
});

test('any count of slices is predicted, in batches of any size', async () => {
  for (const batch of [1, 2, 4]) {
    const found = await predict({ ...shape, batch }, x, 3);
    assert.equal(found.length, 3 * pixels);
    assert.ok(largestDifference(found, expected) < 1e-4, `batch ${batch}`);
  }
  const two = await predict({ ...shape, batch: 4 }, x.subarray(0, 2 * pixels * 14), 2);
  assert.ok(largestDifference(two, expected.subarray(0, 2 * pixels)) < 1e-4);
  await assert.rejects(predict(shape, x, 2), /2 slices take 28672 values; 43008 were given/);
});

/** Exchanges the first two axes of an array [rows, columns, inner]. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const inner = data.length / (rows * columns);
  return Float32Array.from(data, (_, i) => {
    const [row, column] = [Math.floor(i / inner) % rows, Math.floor(i / (inner * rows))];
    return data[(row * columns + column) * inner + (i % inner)]!;
  });
}

test('a slice need not be square: with all kernels transposed, a transposed slice gives a transposed prediction', async () => {
  const [rows, columns] = [16, 32];
  const slice = x.subarray(0, rows * columns * 14);
  const wide = await predict({ ...shape, rows, columns, batch: 1 }, slice, 1);
  const turned = [...weights.tensors].map(([name, { shape: sizes, data }]) => {
    const [a = 1, b = 1] = sizes.length === 4 ? sizes : [];
    return [name, { shape: sizes, data: transposed(data, a, b) }] as const;
  });
  const predictor = await Predictor.open(
    { ...weights, tensors: new Map(turned) },
    { ...shape, rows: columns, columns: rows, batch: 1 },
    directory,
  );
  const tall = predictor.predict(transposed(slice, rows, columns), 1);
  predictor.close();
  assert.ok(largestDifference(transposed(wide, rows, columns), tall) < 1e-4);
});

test('the published file is a SavedModel that any TensorFlow opens', async () => {
  const bytes = savedModelBytes(weights, shape);
  assert.deepEqual(savedModelBytes(weights, shape), bytes);
  writeFileSync(join(directory, 'saved_model.pb'), bytes);
  const tf = await loadTensorFlow();
  const signature = await tf.node.loadSavedModel(directory, ['serve'], 'infer');
  const { probability } = signature.predict({ x: tf.tensor(x, [3, 32, 32, 14]) }) as NamedTensorMap;
  assert.deepEqual(probability?.shape, [3, 32, 32, 1]);
  assert.ok(largestDifference(probability.dataSync<'float32'>(), expected) < 1e-4);
  signature.dispose();
});

test('weights survive their file, and others are refused', () => {
  assert.deepEqual(decodeWeights(encodeWeights(weights)), weights);
  const metadata = { width: '0.15', channels: '14' };
  const without = new Map(weights.tensors);
  without.delete('4c/5x5/offset');
  assert.throws(() => decodeWeights(encodeSafetensors(without, metadata)), /lack 4c\/5x5\/offset\[10\]/);
  const more = new Map([...weights.tensors, ['stranger', { shape: [1], data: new Float32Array(1) }]]);
  assert.throws(() => decodeWeights(encodeSafetensors(more, metadata)), /hold stranger/);
  assert.throws(() => decodeWeights(encodeSafetensors(weights.tensors)), /width is NaN/);
});

test('the full network has the parameters of the paper', () => {
  const parameters = networkParameters({ width: 1, channels: 28 });
  const trained = parameters.filter(({ kind }) => kind !== 'movingMean' && kind !== 'movingVariance');
  const count = trained.reduce((sum, { shape: sizes }) => sum + sizes.reduce((a, b) => a * b, 1), 0);
  assert.ok(Math.abs(count / 6.14e6 - 1) < 0.005, String(count));
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { NamedTensorMap } from '@tensorflow/tfjs-node-gpu';
import type { Grid } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { loadTensorFlow } from '../native/engine.ts';
import type { Architecture, ComputeType } from './architecture.ts';
import { EngineError } from './engine-protocol.ts';
import { savedModelBytes } from './inference-graph.ts';
import { activationBytes } from './inference-memory.ts';
import { networkParameters } from './parameters.ts';
import { type NetworkVolume, Predictor } from './predictor.ts';
import { encodeSafetensors } from './safetensors.ts';
import { writeSlab } from './slab.ts';
import { Trainer } from './trainer.ts';
import { decodeWeights, encodeWeights, type Weights } from './weights.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-predictor-'));
after(() => rmSync(directory, { recursive: true }));

const [sequences, slices, side] = [2, 5, 32];
const pixels = side * side;
const architecture: Architecture = { width: 0.15, channels: 14, sizePixels: side, batch: slices, compute: 'float32' };
const random = new SeededRandom(4);
const volume: NetworkVolume = {
  data: Uint8Array.from({ length: sequences * slices * pixels }, () => random.int(256)),
  ...{ sequences, slices, rows: side, columns: side },
};
const every = [0, 1, 2, 3, 4];

/** The slabs of all slices, put together one by one. */
function slabsOf({ data, rows, columns }: NetworkVolume): Float32Array {
  const grid: Grid = { size: [columns, rows, slices], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const voxels = slices * rows * columns;
  const volumes = Array.from({ length: sequences }, (_, n) => {
    return { grid, data: data.subarray(n * voxels, (n + 1) * voxels) };
  });
  const x = new Float32Array(voxels * 14);
  for (const slice of every) writeSlab(volumes, slice, { data: x, offset: slice * rows * columns * 14 });
  return x;
}

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
    // Bytes come in, of which the first layer makes values about 1.
    const scale = name === 'stem/7x7/kernel' ? 0.01 : 1;
    const data = Float32Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, () => scale * draw[kind]());
    return [name, { shape: sizes, data }] as const;
  });
  return { network: { width: 0.15, channels: 14 }, tensors: new Map(tensors) };
}

const weights = lively();
let expected: Float32Array;

before(async () => {
  const trainer = await Trainer.open({ architecture, seed: 1 }, directory);
  trainer.warmStart(weights);
  expected = trainer.predict(slabsOf(volume));
  trainer.close();
});

const largestDifference = (a: Float32Array, b: Float32Array): number => {
  assert.equal(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

interface Way {
  readonly of?: Weights;
  readonly compute?: ComputeType;
  readonly budgetBytes?: number;
}

async function predict(
  given: NetworkVolume,
  centres: readonly number[],
  { of = weights, compute = 'float32', budgetBytes = 2 ** 30 }: Way = {},
): Promise<Float32Array> {
  const memory = { budgetBytes, availableBytes: 2 ** 40 };
  const predictor = new Predictor(of, { compute, directory, memory });
  await predictor.load(given);
  const probability = predictor.predict(centres);
  predictor.close();
  return probability;
}

test('folded, merged and cut inside the graph, the network answers as in training to slabs put together one by one', async (t) => {
  const [least, most] = [Math.min(...expected), Math.max(...expected)];
  assert.ok(least < 0.2 && most > 0.8, `the prediction should use its range, not ${least} to ${most}`);
  const difference = largestDifference(await predict(volume, every), expected);
  t.diagnostic(`largest difference ${difference.toExponential(1)}, of probabilities from ${least} to ${most}`);
  assert.ok(difference < 1e-4, String(difference));
});

test('bfloat16 stays near float32', async (t) => {
  const found = await predict(volume, every, { compute: 'bfloat16' });
  const mean = found.reduce((sum, value, i) => sum + Math.abs(value - expected[i]!), 0) / found.length;
  t.diagnostic(`mean difference ${mean.toExponential(1)}, largest ${largestDifference(found, expected)}`);
  assert.ok(mean > 0 && mean < 0.02, String(mean));
});

test('any slices are predicted in any order, in batches of any size', async () => {
  const one = activationBytes(weights.network, side, side, 'float32');
  const centres = [4, 0, 0, 3];
  const wanted = Float32Array.from(
    centres.flatMap((slice) => [...expected.subarray(slice * pixels, (slice + 1) * pixels)]),
  );
  for (const batch of [1, 2, 3, 5]) {
    const found = await predict(volume, centres, { budgetBytes: batch * one });
    assert.ok(largestDifference(found, wanted) < 1e-4, `batch ${batch}`);
  }
  assert.equal((await predict(volume, [])).length, 0);
});

test('one predictor takes volumes one after another, of the same size and of another', async () => {
  const predictor = new Predictor(weights, { compute: 'float32', directory });
  assert.throws(() => predictor.predict([0]), /before a volume was loaded/);
  const other = { ...volume, data: volume.data.toReversed() };
  const small = { ...volume, data: volume.data.slice(0, sequences * 3 * 16 * 24), slices: 3, rows: 16, columns: 24 };
  const answers: Float32Array[] = [];
  for (const given of [volume, other, small, volume]) {
    await predictor.load(given);
    answers.push(predictor.predict([1, 2]));
    assert.ok(largestDifference(answers.at(-1)!, await predict(given, [1, 2])) < 1e-6);
  }
  assert.deepEqual(answers[3], answers[0]);
  assert.ok(largestDifference(answers[0]!, answers[1]!) > 0.1);
  assert.throws(() => predictor.predict([1, 5]), /no slice 5 among 5/);
  assert.throws(() => predictor.predict([-1]), /no slice -1/);
  predictor.close();
  await assert.rejects(
    predict({ ...volume, sequences: 1 }, [0]),
    /1 sequences of 5 x 32 x 32 voxels are no volume for a network of 14/,
  );
  await assert.rejects(predict({ ...volume, slices: 4 }, [0]), /10240 values of 2 sequences of 4 x/);
});

test('bytes that do not lie at a multiple of four are no matter', async () => {
  const shifted = new Uint8Array(volume.data.length + 1);
  shifted.set(volume.data, 1);
  const found = await predict({ ...volume, data: shifted.subarray(1) }, every);
  assert.ok(largestDifference(found, expected) < 1e-4);
});

test('weights that overflow give an error and no map, and folded ones that are not finite open no session', async () => {
  const changed = (name: string, data: (old: Float32Array) => Float32Array): Weights => {
    const old = weights.tensors.get(name)!;
    return { ...weights, tensors: new Map([...weights.tensors, [name, { ...old, data: data(old.data) }]]) };
  };
  // Infinity less infinity.
  const of = changed('head/kernel', (old) => old.map((_, n) => (n % 2 === 0 ? 3e38 : -3e38)));
  await assert.rejects(predict(volume, [0], { of }), (error) => {
    assert.ok(error instanceof EngineError);
    assert.equal(error.code, 'NOT_FINITE');
    return true;
  });
  const negative = changed('stem/1x1/moving_variance', (old) => old.map(() => -1));
  await assert.rejects(
    predict(volume, [0], { of: negative }),
    /The weights of stem\/1x1 give values that are not finite/,
  );
  const none = changed('4a/3x3/scale', (old) => old.map((value, n) => (n === 2 ? Number.NaN : value)));
  assert.throws(() => decodeWeights(encodeWeights(none)), /Weight 4a\/3x3\/scale is NaN at element 2/);
});

/** Exchanges the last two axes but `inner` of an array [..., rows, columns, inner]. */
function transposed<T extends Float32Array | Uint8Array>(data: T, rows: number, columns: number, inner: number): T {
  const turned = data.slice() as T;
  for (let i = 0; i < data.length; i++) {
    const [part, pixel, image] = [
      i % inner,
      Math.floor(i / inner) % (rows * columns),
      Math.floor(i / (inner * rows * columns)),
    ];
    const [row, column] = [pixel % rows, Math.floor(pixel / rows)];
    turned[i] = data[((image * rows + row) * columns + column) * inner + part]!;
  }
  return turned;
}

test('a slice need not be square: with all kernels transposed, a transposed slice gives a transposed prediction', async () => {
  const [rows, columns] = [16, 32];
  const wide = { ...volume, data: volume.data.slice(0, sequences * slices * rows * columns), rows, columns };
  const tall = { ...wide, data: transposed(wide.data, rows, columns, 1), rows: columns, columns: rows };
  const tensors = [...weights.tensors].map(([name, { shape: sizes, data }]) => {
    const [a = 1, b = 1, ...rest] = sizes.length === 4 ? sizes : [];
    return [
      name,
      {
        shape: sizes,
        data: transposed(
          data,
          a,
          b,
          rest.reduce((all, size) => all * size, 1),
        ),
      },
    ] as const;
  });
  const expectedTall = transposed(await predict(wide, every), rows, columns, 1);
  const found = await predict(tall, every, { of: { ...weights, tensors: new Map(tensors) } });
  assert.ok(largestDifference(found, expectedTall) < 1e-4);
});

test('the published file is a SavedModel that any TensorFlow opens, for any number of slices', async () => {
  const shape = { rows: side, columns: side, compute: 'float32' } as const;
  const bytes = savedModelBytes(weights, shape);
  assert.deepEqual(savedModelBytes(weights, shape), bytes);
  writeFileSync(join(directory, 'saved_model.pb'), bytes);
  const tf = await loadTensorFlow();
  const slabs = slabsOf(volume);
  for (const name of ['serving_default', 'infer']) {
    const signature = await tf.node.loadSavedModel(directory, ['serve'], name);
    for (const count of [1, 5]) {
      const x = tf.tensor(slabs.subarray(0, count * pixels * 14), [count, side, side, 14]);
      const { probability } = signature.predict({ x }) as NamedTensorMap;
      assert.deepEqual(probability?.shape, [count, side, side, 1]);
      assert.ok(largestDifference(probability.dataSync<'float32'>(), expected.subarray(0, count * pixels)) < 1e-4);
    }
    signature.dispose();
  }
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

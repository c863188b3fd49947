// The idiomatic way in JavaScript, as a peer: a tfjs layers model, run eagerly, from a safetensors file of weights.
// It talks as peers/conversation.py describes, and uses the same native library as our engine does.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type * as Tfjs from '@tensorflow/tfjs-node-gpu';
import { decodeSafetensors, type TensorMap } from '../../gpu-worker/model/safetensors.ts';
import { loadTensorFlow } from '../../gpu-worker/native/engine.ts';

interface OpenSettings {
  readonly weights: string;
  readonly slices: string;
  readonly width: number;
  readonly batch: number;
  readonly threads: number;
  readonly training: boolean;
}

interface Opened {
  readonly model: Tfjs.LayersModel;
  readonly x: Tfjs.Tensor4D;
  readonly y: Tfjs.Tensor4D;
  readonly batch: number;
  readonly training: boolean;
}

type Symbolic = Tfjs.SymbolicTensor;

let opened: Opened | undefined;
let tf: typeof Tfjs;

const filtersOf: Readonly<Record<string, readonly number[]>> = {
  '3a': [64, 96, 128, 16, 32, 32],
  '3b': [128, 128, 192, 32, 96, 64],
  '4a': [192, 96, 208, 16, 48, 64],
  '4b': [160, 112, 224, 24, 64, 64],
  '4c': [128, 128, 256, 24, 64, 64],
  '4d': [112, 144, 288, 32, 64, 64],
  '4e': [256, 160, 320, 32, 128, 128],
  '5a': [256, 160, 320, 32, 128, 128],
  '5b': [384, 192, 384, 48, 128, 128],
};

function logitsOf(x: Symbolic, width: number, weights: TensorMap): Symbolic {
  const arrays = (name: string, parts: readonly string[]): Tfjs.Tensor[] =>
    parts.map((part) => {
      const { shape, data } = weights.get(`${name}/${part}`)!;
      return tf.tensor(data, [...shape]);
    });
  // The regularizer's loss is l2 w^2, so that its slope is the paper's weight decay of 1e-5 w.
  const kernelRegularizer = tf.regularizers.l2({ l2: 0.5e-5 });
  const layer = { useBias: false, padding: 'same', kernelRegularizer } as const;
  const convolution = (name: string, input: Symbolic, filters: number, size: number): Symbolic => {
    const count = Math.max(4, Math.round(filters * width));
    const convolved = tf.layers.conv2d({ ...layer, filters: count, kernelSize: size });
    const normalized = tf.layers.batchNormalization({ epsilon: 1e-3, momentum: 0.99 });
    const y = normalized.apply(convolved.apply(input)) as Symbolic;
    convolved.setWeights(arrays(name, ['kernel']));
    normalized.setWeights(arrays(name, ['scale', 'offset', 'moving_mean', 'moving_variance']));
    return tf.layers.reLU().apply(y) as Symbolic;
  };
  const pool = (input: Symbolic, strides: number): Symbolic =>
    tf.layers.maxPooling2d({ poolSize: 3, strides, padding: 'same' }).apply(input) as Symbolic;
  let h = convolution('stem/7x7', x, 64, 7);
  h = convolution('stem/1x1', h, 64, 1);
  h = pool(convolution('stem/3x3', h, 192, 3), 2);
  for (const [name, [one, three1, three, five1, five, pooled]] of Object.entries(filtersOf)) {
    if (name === '5a') h = pool(h, 2);
    h = tf.layers
      .concatenate()
      .apply([
        convolution(`${name}/1x1`, h, one!, 1),
        convolution(`${name}/3x3`, convolution(`${name}/3x3_reduce`, h, three1!, 1), three!, 3),
        convolution(`${name}/5x5`, convolution(`${name}/5x5_reduce`, h, five1!, 1), five!, 5),
        convolution(`${name}/pooled`, pool(h, 1), pooled!, 1),
      ]) as Symbolic;
  }
  const head = tf.layers.conv2dTranspose({ ...layer, filters: 1, kernelSize: 8, strides: 4 });
  const logits = head.apply(h) as Symbolic;
  head.setWeights(arrays('head', ['kernel']));
  return logits;
}

/** Mean sigmoid cross-entropy of logits, voxels of label 1 weighted ten times. */
function weightedEntropy(labels: Tfjs.Tensor, logits: Tfjs.Tensor): Tfjs.Scalar {
  return tf.tidy(() => {
    const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
    const entropy = tf.add(tf.sub(tf.relu(logits), tf.mul(logits, labels)), tail);
    return tf.mean(tf.mul(tf.add(tf.mul(labels, 9), 1), entropy));
  });
}

async function open({ weights, slices, width, batch, threads, training }: OpenSettings): Promise<unknown> {
  tf = await loadTensorFlow({ threads });
  const given = decodeSafetensors(readFileSync(slices)).tensors;
  const [x, y] = [given.get('x')!, given.get('y')];
  const input = tf.input({ shape: x.shape.slice(1) });
  const logits = logitsOf(input, width, decodeSafetensors(readFileSync(weights)).tensors);
  const model = tf.model({ inputs: input, outputs: logits });
  if (training) {
    const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
    model.compile({ optimizer, loss: weightedEntropy });
  }
  const shape = x.shape as [number, number, number, number];
  opened = {
    model,
    x: tf.tensor4d(x.data, shape),
    y: tf.tensor4d(y?.data ?? new Float32Array(shape[0] * shape[1] * shape[2]), [shape[0], shape[1], shape[2], 1]),
    batch,
    training,
  };
  const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice: boolean };
  return { versions: { tfjs: tf.version.tfjs }, device: isUsingGpuDevice ? 'GPU' : 'CPU' };
}

const current = (): Opened => {
  if (!opened) throw new Error('It has not been opened.');
  return opened;
};

/** The loss before the step, the regularizers' part in it. */
const step = async ({ model, x, y }: Opened): Promise<number> => (await model.trainOnBatch(x, y)) as number;

/** Predicts one batch and fetches the answer, as a program that uses it would. */
function predict({ model, x, batch }: Opened, first: number): Float32Array {
  const probability = tf.tidy(() => tf.sigmoid(model.predictOnBatch(tf.slice(x, first, batch)) as Tfjs.Tensor));
  const values = probability.dataSync<'float32'>();
  probability.dispose();
  return values;
}

async function run({ slices }: { slices: number }): Promise<number> {
  const now = current();
  const began = performance.now();
  const count = Math.floor(now.x.shape[0] / now.batch);
  for (let n = 0; n < slices / now.batch; n++) {
    if (now.training) await step(now);
    else predict(now, (n % count) * now.batch);
  }
  return (performance.now() - began) / slices;
}

async function losses({ steps }: { steps: number }): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < steps; n++) found.push(await step(current()));
  return found;
}

function probability(): string {
  const values = predict(current(), 0);
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

const handlers: Readonly<Record<string, (settings: never) => unknown>> = { open, run, losses, probability };

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as { do: string; with: never };
  let answer: { value: unknown } | { error: string };
  try {
    answer = { value: await handlers[request.do]!(request.with) };
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

import { type ComputeType, checkNetwork, checkSlices } from './architecture.ts';
import { constantLayers } from './constant-layers.ts';
import { googlenet25d } from './googlenet-25d.ts';
import { allFinite, unary } from './graph/arithmetic.ts';
import { bytesOf, reshape } from './graph/arrange.ts';
import { Graph, type Tensor } from './graph/graph.ts';
import { cast } from './graph/layers.ts';
import { cutWindows } from './graph/windows.ts';
import { slabReach, slabSlices } from './slab.ts';
import type { Weights } from './weights.ts';

/** The slices that a network runs on, and the type that it computes in. */
export interface SliceShape {
  /** A multiple of 4. */
  readonly rows: number;
  /** A multiple of 4. */
  readonly columns: number;
  readonly compute: ComputeType;
}

/** A volume that lies in the session, and how many of its slices a call names. */
export interface VolumeShape extends SliceShape {
  readonly slices: number;
  readonly batch: number;
}

/**
 * The graph that is published with a version: x [any, rows, columns, channels] float32, slabs as slab.ts lays them out with values
 * from 0 to 255, to probability [any, rows, columns, 1] float32. Batch normalization is folded into constants; nothing in it varies. Its
 * signature is there under TensorFlow Serving's own name and as `infer`.
 */
export function inferenceGraph(weights: Weights, { rows, columns, compute }: SliceShape): Graph {
  checkNetwork(weights.network);
  checkSlices({ rows, columns, batch: 1 });
  const g = new Graph();
  const x = g.placeholder('x', 'float32', [-1, rows, columns, weights.network.channels]);
  const outputs = { probability: unary(g, 'Sigmoid', logitsOf(g, x, weights, compute)) };
  for (const name of ['serving_default', 'infer']) g.signature(name, { x }, outputs);
  return g;
}

/** The content of the `saved_model.pb` that is published with a model version; docs/serve-elsewhere.md shows it served. */
export function savedModelBytes(weights: Weights, shape: SliceShape): Uint8Array {
  return inferenceGraph(weights, shape).savedModel();
}

/**
 * The graph that predicts a volume: `load` (volume [sequences, slices, rows, columns / 4] int32, four bytes each → ) stores it in the
 * session, `predict` (centres [batch] int32 → probability [batch, rows, columns, 1], finite) cuts the slabs about slices and runs them; `finite`
 * is 0 if a logit is not, which the probability hides: that of infinity is 1.
 */
export function volumeGraph(weights: Weights, shape: VolumeShape): Graph {
  const { slices, rows, columns, batch, compute } = shape;
  const { channels } = weights.network;
  checkNetwork(weights.network);
  checkSlices(shape);
  if (channels % slabSlices !== 0 || slices < 1)
    throw new Error(`A volume of ${slices} slices cannot be cut into slabs of ${channels} channels.`);
  const sizes = [channels / slabSlices, slices, rows, columns];
  const g = new Graph();
  const stored = g.variable('volume', sizes, 'uint8');
  g.scope('load', () => {
    const volume = g.placeholder('volume', 'int32', [...sizes.slice(0, 3), columns / 4]);
    const loaded = g.assign(stored, reshape(g, bytesOf(g, volume), sizes));
    g.signature('load', { volume }, { done: g.identity(g.constant(1), [loaded]) });
  });
  g.scope('predict', () => {
    const centres = g.placeholder('centres', 'int32', [batch]);
    const slabs = cutWindows(g, g.read(stored), centres, slabReach, compute);
    const logits = logitsOf(g, slabs, weights, compute);
    const outputs = { probability: unary(g, 'Sigmoid', logits), finite: allFinite(g, logits) };
    g.signature('predict', { centres }, outputs);
  });
  return g;
}

function logitsOf(g: Graph, x: Tensor, { network, tensors }: Weights, compute: ComputeType): Tensor {
  return googlenet25d(g, cast(g, x, compute), network, constantLayers(g, tensors, compute));
}

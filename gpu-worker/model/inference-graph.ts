import { type ComputeType, checkNetwork, checkSlices } from './architecture.ts';
import { googlenet25d, type Layers } from './googlenet-25d.ts';
import { unary } from './graph/arithmetic.ts';
import { biasAdd, conv2d, transposeConv2d } from './graph/convolution.ts';
import { Graph, type Tensor } from './graph/graph.ts';
import { cast, relu } from './graph/layers.ts';
import {
  batchNormEpsilon,
  convolutionParameters,
  headParameter,
  headStride,
  type ParameterSpec,
} from './parameters.ts';
import type { TensorMap } from './safetensors.ts';
import type { Weights } from './weights.ts';

/** The slices that an inference graph takes. */
export interface InferenceShape {
  /** Slices a call. */
  readonly batch: number;
  /** A multiple of 4. */
  readonly rows: number;
  /** A multiple of 4. */
  readonly columns: number;
  readonly compute: ComputeType;
}

/**
 * The graph of a trained network: signature `infer`, x [batch, rows, columns, channels] float32 to probability
 * [batch, rows, columns, 1] float32. Batch normalization is folded into constants; nothing in it varies.
 */
export function inferenceGraph({ network, tensors }: Weights, shape: InferenceShape): Graph {
  checkNetwork(network);
  checkSlices(shape);
  const g = new Graph();
  const x = g.placeholder('x', 'float32', [shape.batch, shape.rows, shape.columns, network.channels]);
  const logits = googlenet25d(g, x, network, constantLayers(g, tensors, shape.compute));
  g.signature('infer', { x }, { probability: unary(g, 'Sigmoid', logits) });
  return g;
}

/** The content of the `saved_model.pb` that is published with a model version: the same graph, for any TensorFlow server. */
export function savedModelBytes(weights: Weights, shape: InferenceShape): Uint8Array {
  return inferenceGraph(weights, shape).savedModel();
}

function constantLayers(g: Graph, tensors: TensorMap, compute: ComputeType): Layers {
  const bfloat16 = compute === 'bfloat16' ? compute : undefined;
  const weight = ({ name }: ParameterSpec): Float32Array => {
    const found = tensors.get(name);
    if (!found) throw new Error(`The weights lack ${name}.`);
    return found.data;
  };
  return {
    convolution(name, input, filters, size): Tensor {
      const specs = convolutionParameters(name, input.shape[3]!, filters, size);
      const { kernel, bias } = foldBatchNorm({
        kernel: weight(specs.kernel),
        scale: weight(specs.scale),
        offset: weight(specs.offset),
        mean: weight(specs.movingMean),
        variance: weight(specs.movingVariance),
      });
      const convolved = conv2d(g, cast(g, input, compute), g.constant(kernel, specs.kernel.shape, bfloat16));
      return relu(g, biasAdd(g, convolved, g.constant(bias, [filters], bfloat16)));
    },
    head(name, input): Tensor {
      const spec = headParameter(name, input.shape[3]!);
      return transposeConv2d(g, cast(g, input, 'float32'), g.constant(weight(spec), spec.shape), headStride);
    },
  };
}

type BatchNorm = Readonly<Record<'kernel' | 'scale' | 'offset' | 'mean' | 'variance', Float32Array>>;

/**
 * A convolution that does what `kernel` and the batch normalization after it do:
 * kernel scale / sqrt(variance + epsilon) by output channel (its last axis), and offset - mean scale / sqrt(variance + epsilon).
 */
export function foldBatchNorm({ kernel, scale, offset, mean, variance }: BatchNorm): {
  kernel: Float32Array;
  bias: Float32Array;
} {
  const factor = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c]! + batchNormEpsilon));
  return {
    kernel: kernel.map((weight, i) => weight * factor[i % scale.length]!),
    bias: offset.map((o, c) => o - mean[c]! * factor[c]!),
  };
}

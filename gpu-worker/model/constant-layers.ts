import type { ComputeType } from './architecture.ts';
import type { Layers } from './googlenet-25d.ts';
import { biasAdd, conv2d } from './graph/convolution.ts';
import type { Graph, Tensor } from './graph/graph.ts';
import { cast, relu, splitChannels } from './graph/layers.ts';
import { overlapAdd } from './graph/overlap-add.ts';
import {
  batchNormEpsilon,
  convolutionParameters,
  headParameter,
  headStride,
  type ParameterSpec,
} from './parameters.ts';
import type { TensorMap } from './safetensors.ts';

/** The layers of a trained network, its weights as constants in `compute` with batch normalization folded into them. */
export function constantLayers(g: Graph, tensors: TensorMap, compute: ComputeType): Layers {
  const bfloat16 = compute === 'bfloat16' ? compute : undefined;
  const weight = ({ name }: ParameterSpec): Float32Array => {
    const found = tensors.get(name);
    if (!found) throw new Error(`The weights lack ${name}.`);
    return found.data;
  };
  const folded = (name: string, inputs: number, filters: number, size: number): Folded => {
    const specs = convolutionParameters(name, inputs, filters, size);
    const { kernel, bias } = foldBatchNorm({
      kernel: weight(specs.kernel),
      scale: weight(specs.scale),
      offset: weight(specs.offset),
      mean: weight(specs.movingMean),
      variance: weight(specs.movingVariance),
    });
    if (!kernel.every(Number.isFinite) || !bias.every(Number.isFinite))
      throw new Error(`The weights of ${name} give values that are not finite; they cannot be used.`);
    return { kernel, bias };
  };
  const convolve = (input: Tensor, { kernel, bias }: Folded, size: number): Tensor => {
    const filters = bias.length;
    const shape = [size, size, input.shape[3]!, filters];
    const convolved = conv2d(g, cast(g, input, compute), g.constant(kernel, shape, bfloat16));
    return relu(g, biasAdd(g, convolved, g.constant(bias, [filters], bfloat16)));
  };
  return {
    convolution: (name, input, filters, size) => convolve(input, folded(name, input.shape[3]!, filters, size), size),
    pointwise(siblings, input) {
      const parts = siblings.map(({ name, filters }) => folded(name, input.shape[3]!, filters, 1));
      const sizes = siblings.map(({ filters }) => filters);
      return splitChannels(g, convolve(input, sideBySide(parts), 1), sizes);
    },
    head(name, input): Tensor {
      const spec = headParameter(name, input.shape[3]!);
      return overlapAdd(g, cast(g, input, 'float32'), g.constant(weight(spec), spec.shape), headStride);
    },
  };
}

/** A convolution with its bias. */
type Folded = Readonly<Record<'kernel' | 'bias', Float32Array>>;

/** One 1x1 convolution that makes the outputs of all. */
function sideBySide(parts: readonly Folded[]): Folded {
  const filters = parts.reduce((sum, { bias }) => sum + bias.length, 0);
  const inputs = parts[0]!.kernel.length / parts[0]!.bias.length;
  const [kernel, bias] = [new Float32Array(inputs * filters), new Float32Array(filters)];
  let at = 0;
  for (const part of parts) {
    const own = part.bias.length;
    for (let input = 0; input < inputs; input++)
      kernel.set(part.kernel.subarray(input * own, (input + 1) * own), input * filters + at);
    bias.set(part.bias, at);
    at += own;
  }
  return { kernel, bias };
}

type BatchNorm = Readonly<Record<'kernel' | 'scale' | 'offset' | 'mean' | 'variance', Float32Array>>;

/**
 * A convolution that does what `kernel` and the batch normalization after it do:
 * kernel scale / sqrt(variance + epsilon) by output channel (its last axis), and offset - mean scale / sqrt(variance + epsilon).
 */
export function foldBatchNorm({ kernel, scale, offset, mean, variance }: BatchNorm): Folded {
  const factor = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c]! + batchNormEpsilon));
  return {
    kernel: kernel.map((weight, i) => weight * factor[i % scale.length]!),
    bias: offset.map((o, c) => o - mean[c]! * factor[c]!),
  };
}

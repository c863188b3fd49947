import type { ComputeType } from './architecture.ts';
import type { Layers } from './googlenet-25d.ts';
import { batchNormInference, batchNormTraining } from './graph/batch-norm.ts';
import { conv2d } from './graph/convolution.ts';
import type { Graph, Tensor, Variable } from './graph/graph.ts';
import { cast, concat, relu, splitChannels } from './graph/layers.ts';
import { overlapAdd } from './graph/overlap-add.ts';
import {
  batchNormEpsilon,
  convolutionParameters,
  headParameter,
  headStride,
  type ParameterKind,
  type ParameterSpec,
} from './parameters.ts';

type ConvolutionSpecs = ReturnType<typeof convolutionParameters>;

export interface Parameter extends Variable {
  readonly kind: ParameterKind;
}

/** By name. Passes of one graph that are given the same map share their variables. */
export type Parameters = Map<string, Parameter>;

/** The layers of a pass whose weights are variables, and what the pass did with them. */
export interface VariableLayers extends Layers {
  /** What this pass read of each parameter. */
  readonly values: ReadonlyMap<Parameter, Tensor>;
  /** In training, each moving average with the batch's own value. */
  readonly moments: readonly { readonly average: Parameter; readonly value: Tensor }[];
}

/** `training` decides whether batch normalization uses the batch's own moments or the moving averages. */
export function variableLayers(
  g: Graph,
  parameters: Parameters,
  compute: ComputeType,
  training: boolean,
): VariableLayers {
  const values = new Map<Parameter, Tensor>();
  const moments: { average: Parameter; value: Tensor }[] = [];

  function parameter({ name, kind, shape }: ParameterSpec): Parameter {
    const made = parameters.get(name) ?? { ...g.variable(name, shape), kind };
    parameters.set(name, made);
    return made;
  }

  function read(of: ParameterSpec): Tensor {
    const source = parameter(of);
    const value = g.read(source);
    values.set(source, value);
    return value;
  }

  /** Batch normalization and ReLU of what a convolution made. */
  function normalize(convolved: Tensor, specs: ConvolutionSpecs): Tensor {
    const [scale, offset] = [read(specs.scale), read(specs.offset)];
    if (!training) {
      const perChannel = { scale, offset, mean: read(specs.movingMean), variance: read(specs.movingVariance) };
      return relu(g, batchNormInference(g, convolved, perChannel, batchNormEpsilon));
    }
    const { y, mean, variance } = batchNormTraining(g, convolved, scale, offset, batchNormEpsilon);
    moments.push(
      { average: parameter(specs.movingMean), value: mean },
      { average: parameter(specs.movingVariance), value: variance },
    );
    return relu(g, y);
  }

  const convolve = (input: Tensor, kernel: Tensor): Tensor =>
    conv2d(g, cast(g, input, compute), cast(g, kernel, compute));

  return {
    values,
    moments,
    convolution(name, input, filters, size) {
      const specs = convolutionParameters(name, input.shape[3]!, filters, size);
      return normalize(convolve(input, read(specs.kernel)), specs);
    },
    // One convolution reads the input once, forwards and backwards, and passes one gradient on to it instead of several to be added.
    pointwise(siblings, input) {
      const all = siblings.map(({ name, filters }) => convolutionParameters(name, input.shape[3]!, filters, 1));
      const kernel = concat(
        g,
        all.map((specs) => read(specs.kernel)),
      );
      const sizes = siblings.map(({ filters }) => filters);
      const convolved = splitChannels(g, convolve(input, kernel), sizes);
      return all.map((specs, n) => normalize(convolved[n]!, specs));
    },
    head(name, input) {
      const kernel = read(headParameter(name, input.shape[3]!));
      return overlapAdd(g, cast(g, input, 'float32'), kernel, headStride);
    },
  };
}

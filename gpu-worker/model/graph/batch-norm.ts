import type { Graph, Tensor } from './graph.ts';
import { imageShape } from './image.ts';
import { type AttrValue, attr } from './proto.ts';
import { describe, ensure, sameShape } from './spec.ts';

function batchNormAttrs(x: Tensor, epsilon: number, training: boolean): Record<string, AttrValue> {
  return {
    T: attr.type(x.dtype),
    U: attr.type('float32'),
    epsilon: attr.float(epsilon),
    data_format: attr.text('NHWC'),
    is_training: attr.bool(training),
  };
}

/**
 * Normalizes by the batch's own moments, and returns them; `variance` is the unbiased one.
 * Per-channel tensors are float32, whatever the type of `x`.
 */
export function batchNormTraining(
  g: Graph,
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  epsilon: number,
): Record<'y' | 'mean' | 'variance', Tensor> {
  ensure(
    sameShape(scale.shape, [imageShape(x)[3]]) && sameShape(offset.shape, scale.shape),
    `FusedBatchNormV3: ${describe(x)} by ${describe(scale)} and ${describe(offset)}.`,
  );
  const none = g.constant(new Float32Array(), [0]);
  const attrs = batchNormAttrs(x, epsilon, true);
  // The last three outputs are what the gradient's kernel needs; only that kernel knows what is in them.
  const [y, mean, variance, ...reserved] = g.node('FusedBatchNormV3', [x, scale, offset, none, none], attrs, [
    x,
    scale,
    scale,
    scale,
    scale,
    none,
  ]).outputs;
  g.differentiable(y, [x, scale, offset], (dy) =>
    g
      .node('FusedBatchNormGradV3', [dy, x, scale, ...reserved], attrs, [x, scale, offset, none, none])
      .outputs.slice(0, 3),
  );
  return { y, mean, variance };
}

/** Normalizes by given moments. It has no gradient: training uses batchNormTraining. */
export function batchNormInference(
  g: Graph,
  x: Tensor,
  perChannel: Readonly<Record<'scale' | 'offset' | 'mean' | 'variance', Tensor>>,
  epsilon: number,
): Tensor {
  const { scale, offset, mean, variance } = perChannel;
  const none = g.constant(new Float32Array(), [0]);
  const inputs = [x, scale, offset, mean, variance];
  const outputs = [x, scale, scale, scale, scale, none] as const;
  return g.node('FusedBatchNormV3', inputs, batchNormAttrs(x, epsilon, false), outputs).outputs[0];
}

import { addN, binary, fill, unary } from './arithmetic.ts';
import type { Graph, Tensor } from './graph.ts';
import { attr } from './proto.ts';
import { elementCount } from './spec.ts';

/** The mean over all elements, a scalar. */
export function mean(g: Graph, x: Tensor): Tensor {
  const axes = g.integers(x.shape.map((_, axis) => axis));
  const attrs = { T: attr.type(x.dtype), Tidx: attr.type('int32'), keep_dims: attr.bool(false) };
  const y = g.op('Mean', [x, axes], attrs, { dtype: x.dtype, shape: [] });
  const share = 1 / elementCount(x.shape);
  return g.differentiable(y, [x], (dy) => [fill(g, x.shape, binary(g, 'Mul', dy, g.constant(share)))]);
}

/**
 * Element-wise sigmoid cross-entropy in its numerically stable form, max(z, 0) - z y + log(1 + exp(-|z|)); elements of label 1
 * count `positiveWeight` times. One gradient for the whole formula: weight (sigmoid(z) - y).
 */
export function sigmoidCrossEntropy(g: Graph, logits: Tensor, labels: Tensor, positiveWeight: number): Tensor {
  const [zero, one] = [g.constant(0), g.constant(1)];
  const weights = binary(g, 'AddV2', binary(g, 'Mul', labels, g.constant(positiveWeight - 1)), one);
  const tail = unary(g, 'Log1p', unary(g, 'Exp', unary(g, 'Neg', unary(g, 'Abs', logits))));
  const linear = binary(g, 'Sub', binary(g, 'Maximum', logits, zero), binary(g, 'Mul', logits, labels));
  const loss = binary(g, 'Mul', weights, binary(g, 'AddV2', linear, tail));
  return g.differentiable(loss, [logits], (dy) => {
    const error = binary(g, 'Sub', unary(g, 'Sigmoid', logits), labels);
    return [binary(g, 'Mul', dy, binary(g, 'Mul', weights, error))];
  });
}

/** The penalty whose gradient is Adam's weight decay: `weightDecay` / 2 times the sum of the squares of all the weights, a scalar. */
export function l2Penalty(g: Graph, weights: readonly Tensor[], weightDecay: number): Tensor {
  const halves = weights.map((weight) =>
    g.op('L2Loss', [weight], { T: attr.type('float32') }, { ...weight, shape: [] }),
  );
  return binary(g, 'Mul', addN(g, halves), g.constant(weightDecay));
}

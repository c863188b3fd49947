import { ensureSameType } from './arithmetic.ts';
import type { Graph, Tensor } from './graph.ts';
import { imageShape, perPixel, strided, windowAttrs } from './image.ts';
import { type AttrValue, attr } from './proto.ts';
import { describe, ensure, type Shape } from './spec.ts';

const convolutionAttrs = (x: Tensor, stride: number): Record<string, AttrValue> => ({
  ...windowAttrs(x, stride),
  dilations: perPixel(1),
  use_cudnn_on_gpu: attr.bool(true),
});

// The three convolution kernels: each is a gradient of the others, so they come without one.

const correlate = (g: Graph, x: Tensor, kernel: Tensor, stride: number, shape: Shape): Tensor =>
  g.op('Conv2D', [x, kernel], convolutionAttrs(x, stride), { dtype: x.dtype, shape });

function spread(g: Graph, y: Tensor, kernel: Tensor, stride: number, shape: Shape, after: readonly Tensor[] = []) {
  const inputs = [g.integers(shape), kernel, y];
  return g.op('Conv2DBackpropInput', inputs, convolutionAttrs(y, stride), { dtype: y.dtype, shape }, after);
}

function kernelGradient(g: Graph, x: Tensor, y: Tensor, stride: number, shape: Shape): Tensor {
  const inputs = [x, g.integers(shape), y];
  return g.op('Conv2DBackpropFilter', inputs, convolutionAttrs(x, stride), { dtype: x.dtype, shape });
}

/** Convolution with SAME padding; `kernel` is [rows, columns, in, out]. */
export function conv2d(g: Graph, x: Tensor, kernel: Tensor, stride = 1): Tensor {
  const [batch, rows, columns, channels] = imageShape(x);
  const [, , inputs, outputs] = imageShape(kernel);
  ensureSameType('Conv2D', x, kernel);
  ensure(channels === inputs, `Conv2D: ${describe(x)} by ${describe(kernel)}.`);
  const y = correlate(g, x, kernel, stride, [batch, strided(rows, stride), strided(columns, stride), outputs]);
  return g.differentiable(y, [x, kernel], (dy) => {
    const slope = kernelGradient(g, x, dy, stride, kernel.shape);
    // The kernel's gradient first: `x` can then be freed before the pass goes on, which lowers the peak of memory.
    return [spread(g, dy, kernel, stride, x.shape, [slope]), slope];
  });
}

/** What a transpose convolution of `x` by `kernel` [rows, columns, out, in] passes on of d/d(its output), to both. */
export const transposeConvGradient =
  (g: Graph, x: Tensor, kernel: Tensor, stride: number) =>
  (dy: Tensor): [x: Tensor, kernel: Tensor] => [
    correlate(g, dy, kernel, stride, x.shape),
    kernelGradient(g, dy, x, stride, kernel.shape),
  ];

/** Adds a value per channel. It has no gradient: training uses batch norm's offset. */
export function biasAdd(g: Graph, x: Tensor, bias: Tensor): Tensor {
  ensureSameType('BiasAdd', x, bias);
  ensure(bias.shape[0] === imageShape(x)[3], `BiasAdd: ${describe(bias)} to ${describe(x)}.`);
  return g.op('BiasAdd', [x, bias], { T: attr.type(x.dtype), data_format: attr.text('NHWC') }, x);
}

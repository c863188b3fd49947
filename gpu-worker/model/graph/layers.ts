import { ensureSameType, unary } from './arithmetic.ts';
import type { Graph, Tensor } from './graph.ts';
import { imageShape, perPixel, strided, windowAttrs } from './image.ts';
import { attr } from './proto.ts';
import { type DType, describe, ensure, sameShape } from './spec.ts';

/** `x` in another type; `x` itself if it has that type. */
export function cast(g: Graph, x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const convert = (value: Tensor, to: DType): Tensor => {
    const attrs = { SrcT: attr.type(value.dtype), DstT: attr.type(to), Truncate: attr.bool(false) };
    return g.op('Cast', [value], attrs, { dtype: to, shape: value.shape });
  };
  return g.differentiable(convert(x, dtype), [x], (dy) => [convert(dy, x.dtype)]);
}

export function relu(g: Graph, x: Tensor): Tensor {
  const y = unary(g, 'Relu', x);
  return g.differentiable(y, [x], (dy) => [g.op('ReluGrad', [dy, y], { T: attr.type(x.dtype) }, x)]);
}

/** The maximum over a window of `size` x `size`, with SAME padding. */
export function maxPool(g: Graph, x: Tensor, size: number, stride: number): Tensor {
  const [batch, rows, columns, channels] = imageShape(x);
  const attrs = { ...windowAttrs(x, stride), ksize: perPixel(size) };
  const shape = [batch, strided(rows, stride), strided(columns, stride), channels];
  const y = g.op('MaxPool', [x], attrs, { dtype: x.dtype, shape });
  return g.differentiable(y, [x], (dy) => [g.op('MaxPoolGrad', [x, y, dy], attrs, x)]);
}

/** Concatenates images along their channels. */
export function concat(g: Graph, parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  ensure(
    first !== undefined && parts.every((p) => sameShape(imageShape(p).slice(0, 3), imageShape(first).slice(0, 3))),
    `ConcatV2: the images differ: ${parts.map(describe).join(' ')}.`,
  );
  ensureSameType('ConcatV2', ...parts);
  const sizes = parts.map((part) => imageShape(part)[3]);
  const axis = g.constant(Int32Array.of(3));
  const shape = [...first.shape.slice(0, 3), sizes.reduce((sum, size) => sum + size)];
  const T = attr.type(first.dtype);
  const attrs = { T, N: attr.int(parts.length), Tidx: attr.type('int32') };
  const y = g.op('ConcatV2', [...parts, axis], attrs, { dtype: first.dtype, shape });
  const splitAttrs = { T, num_split: attr.int(parts.length), Tlen: attr.type('int32') };
  return g.differentiable(y, parts, (dy) => g.node('SplitV', [dy, g.integers(sizes), axis], splitAttrs, parts).outputs);
}

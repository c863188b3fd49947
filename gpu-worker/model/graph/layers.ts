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
  const sizes = parts.map((part) => imageShape(part)[3]);
  return g.differentiable(joined(g, parts), parts, (dy) => cut(g, dy, sizes));
}

/** Cuts an image along its channels. */
export function splitChannels(g: Graph, x: Tensor, sizes: readonly number[]): readonly Tensor[] {
  if (sizes.length === 1 && sizes[0] === imageShape(x)[3]) return [x];
  return g.differentiableParts(cut(g, x, sizes), [x], (slopes) => [joined(g, slopes)]);
}

// Each is the other's gradient, so they come without one.

function joined(g: Graph, parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  ensure(
    first !== undefined && parts.every((p) => sameShape(imageShape(p).slice(0, 3), imageShape(first).slice(0, 3))),
    `ConcatV2: the images differ: ${parts.map(describe).join(' ')}.`,
  );
  ensureSameType('ConcatV2', ...parts);
  const channels = parts.reduce((sum, part) => sum + imageShape(part)[3], 0);
  const attrs = { T: attr.type(first.dtype), N: attr.int(parts.length), Tidx: attr.type('int32') };
  const axis = g.constant(Int32Array.of(3));
  return g.op('ConcatV2', [...parts, axis], attrs, {
    dtype: first.dtype,
    shape: [...first.shape.slice(0, 3), channels],
  });
}

function cut(g: Graph, x: Tensor, sizes: readonly number[]): readonly Tensor[] {
  const [batch, rows, columns, channels] = imageShape(x);
  ensure(
    sizes.reduce((sum, size) => sum + size, 0) === channels,
    `SplitV: ${describe(x)} to [${sizes.join(',')}] channels.`,
  );
  const attrs = { T: attr.type(x.dtype), num_split: attr.int(sizes.length), Tlen: attr.type('int32') };
  const parts = sizes.map((size) => ({ dtype: x.dtype, shape: [batch, rows, columns, size] }));
  return g.node('SplitV', [x, g.integers(sizes), g.constant(Int32Array.of(3))], attrs, parts).outputs;
}

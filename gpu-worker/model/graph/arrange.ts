import type { Graph, Tensor } from './graph.ts';
import { imageShape } from './image.ts';
import { attr } from './proto.ts';
import { describe, elementCount, ensure, type Shape } from './spec.ts';

// Ops that move elements and leave their values. They have no gradient of their own.

/** The elements in another shape. */
export function reshape(g: Graph, x: Tensor, shape: Shape): Tensor {
  ensure(elementCount(shape) === elementCount(x.shape), `Reshape: ${describe(x)} to [${shape.join(',')}].`);
  const attrs = { T: attr.type(x.dtype), Tshape: attr.type('int32') };
  return g.op('Reshape', [x, g.integers(shape)], attrs, { dtype: x.dtype, shape });
}

/** Axis n of the result is axis `order[n]` of `x`. */
export function transpose(g: Graph, x: Tensor, order: readonly number[]): Tensor {
  ensure(
    [...order].sort().every((axis, n) => axis === n) && order.length === x.shape.length,
    `Transpose: ${describe(x)} by [${order.join(',')}].`,
  );
  const attrs = { T: attr.type(x.dtype), Tperm: attr.type('int32') };
  const shape = order.map((axis) => x.shape[axis]!);
  return g.op('Transpose', [x, g.integers(order)], attrs, { dtype: x.dtype, shape });
}

/** The parts of `x` along an axis that `indices` (int32) name; its axes take that axis's place. */
export function gather(g: Graph, x: Tensor, indices: Tensor, axis: number): Tensor {
  ensure(indices.dtype === 'int32' && axis < x.shape.length, `GatherV2: ${describe(x)} by ${describe(indices)}.`);
  const int32 = attr.type('int32');
  const attrs = { Tparams: attr.type(x.dtype), Tindices: int32, Taxis: int32, batch_dims: attr.int(0) };
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return g.op('GatherV2', [x, indices, g.constant(Int32Array.of(axis))], attrs, { dtype: x.dtype, shape });
}

/** Each int32 as its four bytes, the lowest first, along a new last axis. */
export function bytesOf(g: Graph, x: Tensor): Tensor {
  ensure(x.dtype === 'int32', `Bitcast: ${describe(x)}.`);
  const attrs = { T: attr.type(x.dtype), type: attr.type('uint8') };
  return g.op('Bitcast', [x], attrs, { dtype: 'uint8', shape: [...x.shape, 4] });
}

/** Zeros around an image. */
export function padImage(
  g: Graph,
  x: Tensor,
  { top, bottom, left, right }: Readonly<Record<'top' | 'bottom' | 'left' | 'right', number>>,
): Tensor {
  const [batch, rows, columns, channels] = imageShape(x);
  const paddings = g.constant(Int32Array.of(0, 0, top, bottom, left, right, 0, 0), [4, 2]);
  const shape = [batch, rows + top + bottom, columns + left + right, channels];
  const attrs = { T: attr.type(x.dtype), Tpaddings: attr.type('int32') };
  return g.op('Pad', [x, paddings], attrs, { dtype: x.dtype, shape });
}

/** The part of an image that begins at a row and a column. */
export function cropImage(
  g: Graph,
  x: Tensor,
  { top, left, rows, columns }: Readonly<Record<'top' | 'left' | 'rows' | 'columns', number>>,
): Tensor {
  const [batch, , , channels] = imageShape(x);
  // -1: all that there are, so that the batch may be unknown.
  const [begin, size] = [g.integers([0, top, left, 0]), g.integers([-1, rows, columns, -1])];
  const attrs = { T: attr.type(x.dtype), Index: attr.type('int32') };
  return g.op('Slice', [x, begin, size], attrs, { dtype: x.dtype, shape: [batch, rows, columns, channels] });
}

/** Every `block` x `block` channels of a pixel become pixels, row by row. */
export function depthToSpace(g: Graph, x: Tensor, block: number): Tensor {
  const [batch, rows, columns, channels] = imageShape(x);
  ensure(channels % block ** 2 === 0, `DepthToSpace: ${describe(x)} in blocks of ${block}.`);
  const attrs = { T: attr.type(x.dtype), block_size: attr.int(block), data_format: attr.text('NHWC') };
  const shape = [batch, rows * block, columns * block, channels / block ** 2];
  return g.op('DepthToSpace', [x], attrs, { dtype: x.dtype, shape });
}

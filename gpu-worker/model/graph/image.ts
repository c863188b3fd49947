import type { Tensor } from './graph.ts';
import { type AttrValue, attr } from './proto.ts';
import { describe, ensure } from './spec.ts';

export type ImageShape = readonly [batch: number, rows: number, columns: number, channels: number];

/** The four sizes of an image, or of a kernel. @throws Error if the tensor has another rank. */
export function imageShape(x: Tensor): ImageShape {
  const [a, b, c, d] = x.shape;
  ensure(x.shape.length === 4, `An image has four axes, not ${describe(x)}.`);
  return [a!, b!, c!, d!];
}

/** Rows and columns after a stride, with SAME padding. */
export const strided = (size: number, stride: number): number => Math.ceil(size / stride);

/** A list attribute that concerns rows and columns alone. */
export const perPixel = (size: number): AttrValue => attr.ints([1, size, size, 1]);

/** The attributes that convolutions and pools share. */
export function windowAttrs({ dtype }: Tensor, stride: number): Record<string, AttrValue> {
  return {
    T: attr.type(dtype),
    strides: perPixel(stride),
    padding: attr.text('SAME'),
    explicit_paddings: attr.ints([]),
    data_format: attr.text('NHWC'),
  };
}

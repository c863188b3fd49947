import { addN } from './arithmetic.ts';
import { cropImage, depthToSpace, padImage, splitChannels } from './arrange.ts';
import { conv2d } from './convolution.ts';
import type { Graph, Tensor } from './graph.ts';
import { imageShape } from './image.ts';
import { ensure, type Shape } from './spec.ts';

/**
 * The transpose convolution `transposeConv2d`, for a kernel [2 stride, 2 stride, 1, in] that does not change: a 1x1 convolution makes all
 * that a pixel adds to its surroundings, in four blocks of stride x stride, and each block is added to those of its neighbours.
 * The kernel of the same name in TensorFlow took 20 times longer for the network's head.
 */
export function overlapAdd(g: Graph, x: Tensor, kernel: Float32Array, kernelShape: Shape, stride: number): Tensor {
  const [, rows, columns, inputs] = imageShape(x);
  const [height, width, outputs, channels] = kernelShape;
  ensure(
    height === 2 * stride && width === 2 * stride && outputs === 1 && channels === inputs && stride % 2 === 0,
    `A kernel [${kernelShape.join(',')}] cannot be laid over ${inputs} channels with a stride of ${stride}.`,
  );
  const blocks = 4 * stride ** 2;
  const pointwise = g.constant(byBlocks(kernel, inputs, stride), [1, 1, inputs, blocks]);
  const made = conv2d(g, x, pointwise);
  const parts = splitChannels(
    g,
    made,
    Array.from({ length: 4 }, () => stride ** 2),
  );
  const placed = parts.map((part, n) => {
    const [top, left] = [n >> 1, n & 1];
    return padImage(g, part, { top, bottom: 1 - top, left, right: 1 - left });
  });
  // SAME padding of a kernel of two strides takes half a stride off each side.
  const edge = { top: stride / 2, left: stride / 2, rows: rows * stride, columns: columns * stride };
  return cropImage(g, depthToSpace(g, addN(g, placed), stride), edge);
}

/** The kernel as [in, (upper or lower, left or right, row, column)]. */
function byBlocks(kernel: Float32Array, inputs: number, stride: number): Float32Array {
  const size = 2 * stride;
  const blocks = size ** 2;
  const ordered = new Float32Array(kernel.length);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const corner = 2 * Math.floor(row / stride) + Math.floor(column / stride);
      const block = corner * stride ** 2 + (row % stride) * stride + (column % stride);
      for (let c = 0; c < inputs; c++) ordered[c * blocks + block] = kernel[(row * size + column) * inputs + c]!;
    }
  return ordered;
}

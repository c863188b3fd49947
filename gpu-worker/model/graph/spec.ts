export type DType = 'float32' | 'int32' | 'uint8' | 'bool' | 'bfloat16' | 'resource';

/** Sizes of a tensor's axes; images are [batch, rows, columns, channels]. */
export type Shape = readonly number[];

/** What is known of a tensor when the graph is built. */
export interface Spec {
  readonly dtype: DType;
  readonly shape: Shape;
}

export const elementCount = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

export const describe = ({ dtype, shape }: Spec): string => `${dtype}[${shape.join(',')}]`;

export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

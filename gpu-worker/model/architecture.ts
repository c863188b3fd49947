/** Types that activations can be computed in; weights, moments and the loss are always float32. */
export const computeTypes = ['float32', 'bfloat16'] as const;
export type ComputeType = (typeof computeTypes)[number];

/** What decides the names and shapes of the weights. */
export interface Network {
  /** Multiplies the number of filters of every convolution; 1 is the paper's. */
  readonly width: number;
  /** Channels of the input: seven slices of each sequence, 28 with all four. */
  readonly channels: number;
}

/** A network with the size at which it runs. */
export interface Architecture extends Network {
  /** Rows and columns of a slice; a multiple of 4. */
  readonly sizePixels: number;
  /** Slices a step. */
  readonly batch: number;
  readonly compute: ComputeType;
}

/** @throws Error that says which value cannot be. */
export function checkNetwork({ width, channels }: Network): void {
  if (!(width > 0 && width <= 4))
    throw new Error(`The network's width is ${width}; it has to be above 0 and at most 4.`);
  if (!Number.isInteger(channels) || channels < 1) {
    throw new Error(`The network's input has ${channels} channels; it has to be 7 for each sequence.`);
  }
}

/** @throws Error that says which size cannot be. */
export function checkSlices({ rows, columns, batch }: Record<'rows' | 'columns' | 'batch', number>): void {
  for (const [name, size] of Object.entries({ rows, columns })) {
    if (!Number.isInteger(size) || size < 16 || size % 4 !== 0) {
      throw new Error(`Slices of ${size} ${name} cannot be used; it has to be a multiple of 4, at least 16.`);
    }
  }
  if (!Number.isInteger(batch) || batch < 1) throw new Error(`A batch of ${batch} slices cannot be used.`);
}

/** How much is measured. */
export interface Extent {
  /** Of the network; 1 is the paper's. */
  readonly width: number;
  readonly inference: {
    readonly sizePixels: number;
    /** Batches that are tried, the best of each contender is compared. */
    readonly batches: readonly number[];
    /** Slices a turn: a multiple of all batches. */
    readonly slices: number;
    readonly rounds: number;
  };
  readonly training: { readonly sizePixels: number; readonly batch: number; readonly rounds: number };
  readonly study: { readonly sizePixels: number; readonly slices: number; readonly runs: number };
  readonly scaling: {
    /** Counts of slices, at the training's size. */
    readonly slices: readonly number[];
    readonly sizesPixels: readonly number[];
    readonly widths: readonly number[];
    readonly rounds: number;
  };
}

/** What the goals are about. */
export const fullExtent: Extent = {
  width: 1,
  inference: { sizePixels: 256, batches: [1, 2, 4, 8], slices: 8, rounds: 8 },
  training: { sizePixels: 128, batch: 4, rounds: 8 },
  study: { sizePixels: 256, slices: 160, runs: 3 },
  scaling: { slices: [16, 32, 64, 128], sizesPixels: [64, 128, 192, 256], widths: [0.25, 0.5, 1], rounds: 3 },
};

/** The same with other numbers of turns. */
export function withRounds(extent: Extent, rounds: number): Extent {
  const { inference, training, study, scaling } = extent;
  return {
    ...extent,
    inference: { ...inference, rounds },
    training: { ...training, rounds },
    study: { ...study, runs: rounds },
    scaling: { ...scaling, rounds },
  };
}

/** Shows in about a minute that everything works; its figures mean nothing. */
export const quickExtent: Extent = {
  width: 0.25,
  inference: { sizePixels: 64, batches: [1, 4], slices: 4, rounds: 2 },
  training: { sizePixels: 64, batch: 2, rounds: 2 },
  study: { sizePixels: 64, slices: 24, runs: 1 },
  scaling: { slices: [8, 16], sizesPixels: [32, 64], widths: [0.1, 0.25], rounds: 2 },
};

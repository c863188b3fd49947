/** How much is measured. */
export interface Extent {
  /** Of the phantom: pixels along an edge, and slices of each of its four series at most. */
  readonly sizePixels: number;
  readonly slices: number;
  /** Turns of each archive in storing and in frames; each turn takes a study of its own. */
  readonly rounds: number;
  readonly metadata: { readonly instances: number; readonly requests: number };
  /** Counts of studies of the two tenants that are searched. */
  readonly search: { readonly few: number; readonly many: number; readonly requests: number };
  /** Requests at once in frames, as a browser has them. */
  readonly connections: number;
}

/** What the goals are about. */
export const fullExtent: Extent = {
  sizePixels: 256,
  slices: 160,
  rounds: 4,
  metadata: { instances: 200, requests: 60 },
  search: { few: 1000, many: 100_000, requests: 60 },
  connections: 6,
};

/** Shows in seconds that everything works; its figures mean nothing. */
export const quickExtent: Extent = {
  sizePixels: 48,
  slices: 6,
  rounds: 1,
  metadata: { instances: 20, requests: 4 },
  search: { few: 20, many: 200, requests: 4 },
  connections: 3,
};

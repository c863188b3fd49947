import type { LabelVolume, Volume } from '#core/domain/geometry.ts';
import { components, neighbourSteps, type Size } from '#core/label/components.ts';
import { thresholdsReached } from './threshold-dice.ts';

/** What lesion-by-lesion detection would count in one case at each of some thresholds. */
export interface DetectionCurve {
  /** True lesions that share a voxel with a predicted region. */
  readonly found: Float64Array;
  /** Predicted regions that share no voxel with a true lesion. */
  readonly falsePositives: Float64Array;
  /** True lesions. */
  readonly lesionCount: number;
}

/**
 * Counts as `detectLesions` does with the regions of `findings`, at all thresholds in one pass: voxels are added from the most
 * probable down, and the 26-connected regions that they make are joined as they meet.
 * @param brain not 0 where a region has to have a voxel to count: the brain mask with its margin
 * @param thresholds ascending, at least one
 * @throws RangeError if the volumes differ in size
 */
export function detectionCurve(
  { grid, data }: Volume<Float32Array>,
  truth: LabelVolume,
  brain: Uint8Array,
  thresholds: Float64Array,
): DetectionCurve {
  if (truth.data.length !== data.length || brain.length !== data.length)
    throw new RangeError(`${data.length} probabilities, ${truth.data.length} labels, ${brain.length} mask voxels`);
  const lesions = components(truth.data, grid.size, 26);
  const regions = new GrowingRegions(grid.size, brain, lesions.labels);
  const curve = {
    found: new Float64Array(thresholds.length),
    falsePositives: new Float64Array(thresholds.length),
    lesionCount: lesions.count,
  };
  const { order, ends } = byThreshold(data, thresholds);
  for (let t = thresholds.length - 1, at = 0; t >= 0; t--) {
    while (at < ends[t]!) regions.add(order[at++]!);
    curve.found[t] = regions.foundLesions();
    curve.falsePositives[t] = regions.falsePositives;
  }
  return curve;
}

/** Voxels that reach a threshold, those of the highest first; `ends[t]` of them reach the t-th. */
function byThreshold(data: Float32Array, thresholds: Float64Array): { order: Int32Array; ends: Int32Array } {
  const ends = new Int32Array(thresholds.length);
  const reached = new Uint16Array(data.length);
  for (let n = 0; n < data.length; n++) {
    reached[n] = thresholdsReached(data[n]!, thresholds);
    if (reached[n]! > 0) ends[reached[n]! - 1]!++;
  }
  for (let t = thresholds.length - 2; t >= 0; t--) ends[t]! += ends[t + 1]!;
  const order = new Int32Array(ends[0]!);
  const next = Int32Array.from(ends, (_, t) => ends[t + 1] ?? 0);
  for (let n = 0; n < data.length; n++) if (reached[n]! > 0) order[next[reached[n]! - 1]!++] = n;
  return { order, ends };
}

const inBrain = 1;
const onLesion = 2;

/** Disjoint 26-connected regions of voxels, with what each touches. */
class GrowingRegions {
  /** Regions in the brain without a true voxel. */
  falsePositives = 0;
  readonly #size: Size;
  readonly #brain: Uint8Array;
  readonly #lesions: Uint32Array;
  /** One more than the voxel that stands for this one's region, by way of others; 0 for a voxel not added. */
  readonly #parent: Int32Array;
  /** Of the voxel that stands for a region: `inBrain`, `onLesion`. */
  readonly #touches: Uint8Array;
  readonly #steps = neighbourSteps(26);
  /** Added voxels of true lesions that are not yet known to be found. */
  #waiting: number[] = [];
  readonly #found = new Set<number>();

  constructor(size: Size, brain: Uint8Array, lesions: Uint32Array) {
    this.#size = size;
    this.#brain = brain;
    this.#lesions = lesions;
    this.#parent = new Int32Array(lesions.length);
    this.#touches = new Uint8Array(lesions.length);
  }

  add(voxel: number): void {
    this.#parent[voxel] = voxel + 1;
    const lesion = this.#lesions[voxel]!;
    this.#touches[voxel] = (this.#brain[voxel] !== 0 ? inBrain : 0) | (lesion > 0 ? onLesion : 0);
    if (this.#touches[voxel] === inBrain) this.falsePositives++;
    if (lesion > 0) this.#waiting.push(voxel);
    const [columns, rows, slices] = this.#size;
    const i = voxel % columns;
    const j = ((voxel - i) / columns) % rows;
    const k = Math.floor(voxel / (columns * rows));
    for (const [di, dj, dk] of this.#steps) {
      const [x, y, z] = [i + di, j + dj, k + dk];
      if (x < 0 || y < 0 || z < 0 || x >= columns || y >= rows || z >= slices) continue;
      const neighbour = (z * rows + y) * columns + x;
      if (this.#parent[neighbour] !== 0) this.#join(voxel, neighbour);
    }
  }

  /** True lesions with a voxel in a region that counts. */
  foundLesions(): number {
    this.#waiting = this.#waiting.filter((voxel) => {
      const lesion = this.#lesions[voxel]!;
      if ((this.#touches[this.#root(voxel)]! & inBrain) !== 0) this.#found.add(lesion);
      return !this.#found.has(lesion);
    });
    return this.#found.size;
  }

  #join(a: number, b: number): void {
    const [one, other] = [this.#root(a), this.#root(b)];
    if (one === other) return;
    const [first, second] = [this.#touches[one]!, this.#touches[other]!];
    const both = first | second;
    const count = (touches: number): number => (touches === inBrain ? 1 : 0);
    this.falsePositives += count(both) - count(first) - count(second);
    this.#parent[one] = other + 1;
    this.#touches[other] = both;
  }

  #root(voxel: number): number {
    let at = voxel;
    while (this.#parent[at] !== at + 1) {
      const above = this.#parent[at]! - 1;
      // Halving the way keeps later ways short.
      this.#parent[at] = this.#parent[above]!;
      at = above;
    }
    return at;
  }
}

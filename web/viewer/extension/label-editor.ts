import type { LabelVolume } from '#core/domain/geometry.ts';
import type { VoxelList } from '#core/label/voxel-lists.ts';
import { globals } from './image-stack.ts';
import { labelImages, readLabel, tellDrawn } from './label-pixels.ts';
import type { Managers, StoredSegmentation } from './ohif.ts';
import { drawRuns, encodeRuns, type Runs } from './runs.ts';

/** What one step changes. */
export interface Edit {
  /** One after the other. */
  readonly changes: readonly { readonly voxels: VoxelList; readonly value: number }[];
  /** Metastases that the list has from now on, and such that it has no more. */
  readonly added?: readonly number[];
  readonly removed?: readonly number[];
  /** The one that is drawn with from now on. */
  readonly active?: number;
  /** Those whose outlines are coarse from now on. */
  readonly coarse?: ReadonlySet<number>;
}

/** A label as far as a step changes it. */
interface State {
  /** By slice. */
  readonly slices: ReadonlyMap<number, Runs>;
  readonly segments: StoredSegmentation['segments'];
  readonly active: number;
  readonly coarse: ReadonlySet<number>;
}

/** Changes a label in whole steps, each of which OHIF's undo and redo take back and repeat, in one order with strokes. */
export class LabelEditor {
  readonly segmentationId: string;
  readonly #managers: Managers;
  #coarse: ReadonlySet<number>;

  /** @param coarse metastases whose outlines are coarse */
  constructor(managers: Managers, segmentationId: string, coarse: ReadonlySet<number>) {
    this.#managers = managers;
    this.segmentationId = segmentationId;
    this.#coarse = coarse;
  }

  /** Those whose reader says that the outline is coarse. */
  get coarse(): ReadonlySet<number> {
    return this.#coarse;
  }

  /** A copy of all that is drawn. */
  read(): LabelVolume {
    return readLabel(this.segmentationId);
  }

  /** Numbers of the list, drawn or not. */
  get numbers(): number[] {
    return Object.keys(this.#stored().segments)
      .map(Number)
      .filter((number) => number > 0);
  }

  /** The metastasis that is drawn with. */
  get active(): number {
    const segments = Object.values(this.#stored().segments) as { segmentIndex: number; active?: boolean }[];
    return segments.find(({ active }) => active)?.segmentIndex ?? 1;
  }

  /** Numbers that no metastasis has yet. @throws Error if there are not so many */
  freeNumbers(count: number): number[] {
    const taken = new Set(this.numbers);
    const greatest = Math.max(0, ...taken);
    const free = [
      ...Array.from({ length: count }, (_, n) => greatest + 1 + n).filter((number) => number <= this.#greatest()),
      ...Array.from({ length: this.#greatest() }, (_, n) => n + 1).filter(
        (number) => number < greatest && !taken.has(number),
      ),
    ];
    if (free.length < count) throw new Error(`A label in the viewer holds at most ${this.#greatest()} metastases.`);
    return free.slice(0, count);
  }

  /** Lists those that have something drawn and no others: a SEG also has such as fill gaps between its numbers. */
  listDrawn(drawn: readonly number[], coarse = this.#coarse): void {
    const kept = drawn.length > 0 ? drawn : [1];
    const { segments } = this.#stored();
    const left = Object.fromEntries(kept.map((number) => [number, segments[number] ?? segmentOf(number)]));
    this.#become({ slices: new Map(), segments: left, active: kept[0]!, coarse });
  }

  /** Forgets all steps, of strokes too: what they were made on is no longer what is drawn. */
  forgetSteps(): void {
    const history = globals().cornerstone.utilities.HistoryMemo.DefaultHistoryMemo;
    // Setting it is what empties it.
    history.size = Number(history.size);
  }

  /** Does it, as one step of the history. @returns how many voxels are others than before */
  apply({ changes, added = [], removed = [], active = this.active, coarse = this.#coarse }: Edit): number {
    const touched = this.#slicesOf(changes);
    const before = this.#state(touched);
    const changed = this.#draw(changes);
    const segments = Object.fromEntries(
      Object.entries(before.segments).filter(([number]) => !removed.includes(Number(number))),
    );
    for (const number of added) segments[number] = segmentOf(number);
    const after = { ...this.#state(touched), segments, active, coarse };
    this.#become(after);
    globals().cornerstone.utilities.HistoryMemo.DefaultHistoryMemo.push({
      restoreMemo: (undo) => this.#restore(undo ? before : after),
    });
    return changed;
  }

  #stored(): StoredSegmentation {
    const stored = globals().cornerstoneTools.segmentation.state.getSegmentation(this.segmentationId);
    if (!stored) throw new Error('There is no label to draw on.');
    return stored;
  }

  /** The viewer uses the last value of a byte itself. */
  #greatest(): number {
    return labelImages(this.segmentationId)[0]?.getPixelData() instanceof Uint8Array ? 254 : 65_534;
  }

  #plane(): number {
    return labelImages(this.segmentationId)[0]?.getPixelData().length ?? 0;
  }

  #slicesOf(changes: Edit['changes']): ReadonlySet<number> {
    const plane = this.#plane();
    const slices = new Set<number>();
    for (const { voxels } of changes) for (const voxel of voxels) slices.add(Math.floor(voxel / plane));
    return slices;
  }

  #state(slices: ReadonlySet<number>): State {
    const images = labelImages(this.segmentationId);
    return {
      slices: new Map([...slices].map((k) => [k, encodeRuns(images[k]!.getPixelData())])),
      segments: this.#stored().segments,
      active: this.active,
      coarse: this.#coarse,
    };
  }

  #draw(changes: Edit['changes']): number {
    const plane = this.#plane();
    const pixels = labelImages(this.segmentationId).map((image) => image.getPixelData());
    let changed = 0;
    for (const { voxels, value } of changes)
      for (const voxel of voxels) {
        const slice = pixels[Math.floor(voxel / plane)]!;
        if (slice[voxel % plane] !== value) changed++;
        slice[voxel % plane] = value;
      }
    return changed;
  }

  #restore(state: State): void {
    const images = labelImages(this.segmentationId);
    for (const [k, runs] of state.slices) {
      const pixels = images[k]!.getPixelData();
      pixels.fill(0);
      drawRuns(runs, pixels);
    }
    this.#become(state);
  }

  /** Shows what is drawn, with another list. */
  #become({ segments, active, coarse }: State): void {
    const { segmentationId } = this;
    this.#coarse = coarse;
    globals().cornerstoneTools.segmentation.updateSegmentations([{ segmentationId, payload: { segments } }]);
    this.#managers.servicesManager.services.segmentationService.setActiveSegment(segmentationId, active);
    tellDrawn(segmentationId);
  }
}

const segmentOf = (number: number): object => ({
  segmentIndex: number,
  label: `Metastasis ${number}`,
  locked: false,
  active: false,
  cachedStats: {},
});

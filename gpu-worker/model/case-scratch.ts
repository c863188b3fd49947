import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Volume, VoxelArray } from '#core/domain/geometry.ts';
import { type Extent, extentOf, occupiedSlices } from './brain-box.ts';

/** A prepared study to learn from, or to watch. */
export interface PreparedCase {
  /** Equalized, in the plan's order; 0 throughout for one that the study lacks. */
  readonly sequences: readonly Volume<Uint8Array>[];
  /** Not 0 in lesions. */
  readonly labels: Volume<VoxelArray>;
  readonly brainMask: Volume<Uint8Array>;
}

/** What is kept in memory of a study whose voxels lie in a file. */
export interface StoredCase {
  readonly size: readonly [columns: number, rows: number, slices: number];
  readonly sequenceCount: number;
  /** Around what is brain or lesion. */
  readonly extent: Extent;
  /** Slices that have brain; in order. */
  readonly withBrain: readonly number[];
  /** Slices that have a lesion; in order. */
  readonly withLesion: readonly number[];
  /** Planes of `count` slices from `first` on, slice after slice: of each its sequences, its label, its brain mask. */
  read(first: number, count: number): Uint8Array;
}

/** A slice's planes beside its sequences. */
const [labelPlane, brainPlane] = [0, 1];
const otherPlanes = 2;

/** Number of a slice's planes, and which of them hold its label and its brain mask. */
export const planesOf = ({ sequenceCount }: Pick<StoredCase, 'sequenceCount'>) => ({
  count: sequenceCount + otherPlanes,
  label: sequenceCount + labelPlane,
  brain: sequenceCount + brainPlane,
});

/**
 * Voxels of many studies in one local file, read by slices, so that memory does not grow with the number of studies. The file has no name
 * any more once it is open: it goes with the process, however that ends.
 */
export class CaseScratch {
  readonly #file: number;
  #size = 0;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, `cases-${process.pid}-${Date.now()}`);
    this.#file = openSync(path, 'wx+', 0o600);
    rmSync(path);
  }

  /** Bytes in the file. */
  get sizeBytes(): number {
    return this.#size;
  }

  /** @throws RangeError if the study has neither brain nor lesion, or its volumes differ in size */
  add({ sequences, labels, brainMask }: PreparedCase): StoredCase {
    const { size } = brainMask.grid;
    for (const { grid } of [...sequences, labels])
      if (grid.size.some((count, axis) => count !== size[axis]))
        throw new RangeError(`a volume of ${grid.size.join(' x ')} voxels is beside one of ${size.join(' x ')}`);
    const lesions = { grid: labels.grid, data: binary(labels.data) };
    const extent = extentOf({ grid: labels.grid, data: brainMask.data.map((brain, n) => brain | lesions.data[n]!) });
    if (!extent) throw new RangeError('the brain mask is empty, and there is no lesion');
    const [columns, rows, slices] = size;
    const pixels = columns * rows;
    const planes = [...sequences.map(({ data }) => data), lesions.data, brainMask.data];
    const sliceBytes = planes.length * pixels;
    const start = this.#size;
    const slice = new Uint8Array(sliceBytes);
    for (let k = 0; k < slices; k++) {
      planes.forEach((data, n) => {
        slice.set(data.subarray(k * pixels, (k + 1) * pixels), n * pixels);
      });
      writeAll(this.#file, slice, start + k * sliceBytes);
    }
    this.#size += slices * sliceBytes;
    return {
      ...{ size, sequenceCount: sequences.length, extent },
      withBrain: occupiedSlices(brainMask),
      withLesion: occupiedSlices(lesions),
      read: reader(this.#file, { start, sliceBytes, slices }),
    };
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Where a study lies in the file. */
interface Place {
  readonly start: number;
  readonly sliceBytes: number;
  readonly slices: number;
}

/** Outside of `add`, whose variables, the volumes among them, would live as long as a function that was made there. */
const reader =
  (file: number, { start, sliceBytes, slices }: Place): StoredCase['read'] =>
  (first, count) => {
    if (first < 0 || count < 1 || first + count > slices)
      throw new RangeError(`There are no slices ${first} to ${first + count - 1} among ${slices}.`);
    return readAll(file, new Uint8Array(count * sliceBytes), start + first * sliceBytes);
  };

const binary = (labels: VoxelArray): Uint8Array => Uint8Array.from(labels, (label) => (label === 0 ? 0 : 1));

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function readAll(file: number, bytes: Uint8Array, position: number): Uint8Array {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, position + done);
    if (read === 0) throw new Error(`The scratch file ends before byte ${position + bytes.length}.`);
    done += read;
  }
  return bytes;
}

import { gzipSync } from 'node:zlib';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { type Grid, sameGrid, type Volume, type VoxelArray, voxelCount } from '#core/domain/geometry.ts';
import { decodeLabel } from '#core/label/label-file.ts';
import { writeNifti } from '#core/nifti/write.ts';
import { AssemblyError, assembleSeries, checkVoxelCount, type SliceImage } from '#core/volume/assemble.ts';
import { slicesOfFile } from '#core/volume/slices-of-file.ts';

/** A volume to be made of stored files. */
export type VolumeWork =
  | { readonly kind: 'images'; readonly files: readonly Uint8Array[]; readonly grid: Grid | null }
  | {
      readonly kind: 'label';
      readonly file: Uint8Array;
      readonly values: 'LESIONS' | 'ONE_CLASS';
      readonly grid: Grid;
    }
  | { readonly kind: 'blank'; readonly grid: Grid };

/** What is stored does not make the volume; the message says why, to people. */
export class VolumeRefused extends Error {
  override readonly name = 'VolumeRefused';
}

/** Noise shrinks little more at higher levels, which take three times as long. */
const gzipLevel = 1;

/**
 * The volume as gzipped NIfTI-1, which every program reads; integers where the values are integers.
 * @throws VolumeRefused if a series is no volume, or lies on another grid than the one it must have
 */
export function niftiOf(work: VolumeWork): Uint8Array {
  return gzipSync(writeNifti(volumeOf(work), { version: 1 }), { level: gzipLevel });
}

function volumeOf(work: VolumeWork): Volume<VoxelArray> {
  if (work.kind === 'blank') return { grid: work.grid, data: new Uint8Array(voxelCount(work.grid)) };
  if (work.kind === 'label') {
    const label = decodeLabel(work.file);
    requireGrid(label.grid, work.grid, 'its label');
    const data = work.values === 'ONE_CLASS' ? label.data.map((value) => Math.min(value, 1)) : label.data;
    return { grid: work.grid, data: narrowed(data) };
  }
  const { grid, data } = assembled(work.files);
  if (work.grid) requireGrid(grid, work.grid, 'the series');
  return { grid: work.grid ?? grid, data: narrowed(data) };
}

function requireGrid(grid: Grid, wanted: Grid, what: string): void {
  if (!sameGrid(grid, wanted)) throw new VolumeRefused(`${what} does not lie on the grid of BRAVO`);
}

function assembled(files: readonly Uint8Array[]): Volume {
  try {
    const slices: SliceImage[] = [];
    let voxels = 0;
    for (const file of files) {
      const own = slicesOfFile(file);
      checkVoxelCount((voxels += own.reduce((sum, { rows, columns }) => sum + rows * columns, 0)));
      slices.push(...own);
    }
    return assembleSeries(slices);
  } catch (error) {
    if (!(error instanceof AssemblyError || error instanceof DicomError)) throw error;
    throw new VolumeRefused(error.message, { cause: error });
  }
}

/** The same values in the smallest type that holds them all: bytes, 16 bits with or without a sign, or floats. */
export function narrowed(data: Float32Array | Uint16Array): VoxelArray {
  let [lowest, highest, whole] = [0, 0, true];
  for (let n = 0; n < data.length; n++) {
    const value = data[n]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    whole &&= Number.isInteger(value);
  }
  if (!whole || lowest < -32_768 || highest > 65_535 || (lowest < 0 && highest > 32_767)) return data;
  if (highest > 32_767) return Uint16Array.from(data);
  return lowest < 0 || highest > 255 ? Int16Array.from(data) : Uint8Array.from(data);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Grid, LabelVolume, Matrix4, Volume, VoxelArray } from '#core/domain/geometry.ts';
import { NiftiError } from '#core/nifti/nifti-error.ts';
import { type NiftiVolume, readNifti, readNiftiLabel } from '#core/nifti/read.ts';
import { CaseRefused, type VolumeSource } from './case.ts';
import { namesIn } from './files.ts';

/** What is no DICOM. */
export type PlainSource = Exclude<VolumeSource, { kind: 'DICOM' }>;

/** What files do not say. */
export interface Assumed {
  /** Of pictures: along a row, along a column, between slices, mm. */
  readonly pngSpacingMm: readonly [number, number, number] | undefined;
  /** Whether a NIfTI without sform and qform counts to the right, forward and upward. */
  readonly unknownIsRas: boolean;
}

/** A NIfTI file may be this large as it lies on the disk. */
const maxFileBytes = 2 ** 30;
const maxSlices = 1024;
const maxPixels = 1024 * 1024;

/** @throws CaseRefused naming the file */
export const readImage = (from: PlainSource, assumed: Assumed): Promise<Volume> =>
  from.kind === 'PNG' ? readPictures(from.folder, assumed, Float32Array) : readFrom(from.path, assumed, readNifti);

/** @throws CaseRefused naming the file */
export const readLabel = (from: PlainSource, assumed: Assumed): Promise<LabelVolume> =>
  from.kind === 'PNG' ? readPictures(from.folder, assumed, Uint16Array) : readFrom(from.path, assumed, readNiftiLabel);

async function readFrom<V extends Volume<VoxelArray>>(
  path: string,
  { unknownIsRas }: Assumed,
  read: (bytes: Uint8Array) => NiftiVolume<V>,
): Promise<V> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CaseRefused(`${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`);
  });
  if (bytes.length > maxFileBytes) throw new CaseRefused(`${path}: larger than ${maxFileBytes} bytes.`);
  try {
    const { volume, transformSource } = read(bytes);
    if (transformSource === 'NONE' && !unknownIsRas)
      throw new CaseRefused(
        `${path}: it does not say how it lies in the patient; --assume-ras takes i, j, k for right, front, up.`,
      );
    return rightHanded(unsheared(volume, path));
  } catch (error) {
    if (error instanceof NiftiError) throw new CaseRefused(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** DICOM's slices stand at right angles. */
function unsheared<V extends Volume<VoxelArray>>(volume: V, path: string): V {
  const m = volume.grid.indexToLps;
  const axes = [0, 1, 2].map((n) => [m[n]!, m[4 + n]!, m[8 + n]!]);
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const dot = axes[a]!.reduce((sum, value, n) => sum + value * axes[b]![n]!, 0);
    if (Math.abs(dot) > 1e-3 * Math.hypot(...axes[a]!) * Math.hypot(...axes[b]!))
      throw new CaseRefused(`${path}: its axes are not at right angles; resample it first.`);
  }
  return volume;
}

/** The same voxels with the slices in the other order, where the axes are left-handed: DICOM's never are. */
export function rightHanded<V extends Volume<VoxelArray>>(volume: V): V {
  const { grid, data } = volume;
  const m = grid.indexToLps;
  const determinant =
    m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) -
    m[1]! * (m[4]! * m[10]! - m[6]! * m[8]!) +
    m[2]! * (m[4]! * m[9]! - m[5]! * m[8]!);
  if (determinant > 0) return volume;
  const [columns, rows, slices] = grid.size;
  const plane = columns * rows;
  const turned = data.slice();
  for (let k = 0; k < slices; k++) turned.set(data.subarray((slices - 1 - k) * plane, (slices - k) * plane), k * plane);
  const last = slices - 1;
  const indexToLps: Matrix4 = m.map((value, n) => {
    if (n >= 12) return value;
    if (n % 4 === 2) return -value;
    return n % 4 === 3 ? value + last * m[n - 1]! : value;
  });
  return { ...volume, grid: { ...grid, indexToLps }, data: turned };
}

async function readPictures<A extends Float32Array | Uint16Array>(
  folder: string,
  { pngSpacingMm }: Assumed,
  Values: new (length: number) => A,
): Promise<Volume<A>> {
  if (!pngSpacingMm) throw new CaseRefused(`${folder}: pictures have no spacing; give it by --spacing-mm.`);
  const names = (await namesIn(folder, 'files')).filter((name) => name.toLowerCase().endsWith('.png'));
  if (names.length === 0 || names.length > maxSlices)
    throw new CaseRefused(`${folder}: it has ${names.length} pictures; a series has 1 to ${maxSlices}.`);
  let volume: Volume<A> | undefined;
  for (const [k, name] of names.entries()) {
    const picture = await readPicture(join(folder, name));
    volume ??= {
      grid: pictureGrid(picture, names.length, pngSpacingMm),
      data: new Values(picture.width * picture.height * names.length),
    };
    const [columns, rows] = volume.grid.size;
    if (picture.width !== columns || picture.height !== rows)
      throw new CaseRefused(
        `${join(folder, name)}: ${picture.width} x ${picture.height} pixels, the first slice has ${columns} x ${rows}.`,
      );
    volume.data.set(picture.values, k * columns * rows);
  }
  return volume!;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array | Uint16Array;
}

async function readPicture(path: string): Promise<Picture> {
  const bytes = await readFile(path);
  const refuse = (why: string, cause?: unknown): never => {
    throw new CaseRefused(`${path}: ${why}`, { cause });
  };
  // The header first: pixels are allocated by what it says.
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') refuse('it is no PNG picture.');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width * height > maxPixels) refuse(`${width} x ${height} pixels are more than a slice has.`);
  try {
    const { channels, depth, data, palette } = decode(bytes);
    if (channels !== 1 || palette || (depth !== 8 && depth !== 16)) refuse(`it is not grey with 8 or 16 bits.`);
    return { width, height, values: data as Uint8Array | Uint16Array };
  } catch (error) {
    if (error instanceof CaseRefused) throw error;
    return refuse(`it is damaged (${(error as Error).message}).`, error);
  }
}

const pictureGrid = (
  { width, height }: Picture,
  slices: number,
  [x, y, z]: readonly [number, number, number],
): Grid => ({
  size: [width, height, slices],
  indexToLps: [
    x,
    0,
    0,
    (-x * (width - 1)) / 2,
    0,
    y,
    0,
    (-y * (height - 1)) / 2,
    0,
    0,
    z,
    (-z * (slices - 1)) / 2,
    0,
    0,
    0,
    1,
  ],
});

import { gzipSync } from 'node:zlib';
import { spacingMm, type Volume, type VoxelArray, voxelCount } from '../domain/geometry.ts';
import { bytesPerVoxel, datatypeOf } from './datatype.ts';
import { headerBytes } from './header.ts';
import { quaternionOf } from './transform.ts';

export interface NiftiOptions {
  /** 2 unless told: it keeps the grid in 64 bits. Some older programs read 1 alone, which keeps it in 32. */
  readonly version?: 1 | 2;
  readonly gzip?: boolean;
}

/** NIFTI_XFORM_SCANNER_ANAT: patient coordinates of a scanner. */
const scanner = 1;
/** NIFTI_UNITS_MM. */
const millimetres = 2;

/**
 * A volume as one .nii file, or .nii.gz: little endian, values as they are in the array, sform and (without shear) qform in RAS, mm.
 * The same input gives the same bytes.
 * @throws RangeError if the array does not fill its grid, or is too large for version 1
 */
export function writeNifti(volume: Volume<VoxelArray>, { version = 2, gzip = false }: NiftiOptions = {}): Uint8Array {
  const { grid, data } = volume;
  if (data.length !== voxelCount(grid))
    throw new RangeError(`The array has ${data.length} voxels, its grid ${voxelCount(grid)}.`);
  if (version === 1 && Math.max(...grid.size) > 32_767)
    throw new RangeError(`NIfTI-1 has no room for ${grid.size.join(' x ')} voxels.`);
  // No extension: four zero bytes behind the header, then voxels.
  const voxOffset = headerBytes[version] + 4;
  const bytes = new Uint8Array(voxOffset + data.byteLength);
  const view = new DataView(bytes.buffer);
  if (version === 1) writeHeader1(view, volume, voxOffset);
  else writeHeader2(view, volume, voxOffset);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), voxOffset);
  return gzip ? gzipSync(bytes) : bytes;
}

interface Orientation {
  /** Three rows of four, RAS, mm. */
  readonly srow: readonly number[];
  readonly qformCode: number;
  readonly pixdim: readonly number[];
  readonly quaternion: readonly number[];
  readonly qoffset: readonly number[];
}

function orientationOf({ grid }: Volume<VoxelArray>): Orientation {
  const srow = grid.indexToLps.slice(0, 12).map((value, n) => (n < 8 && value !== 0 ? -value : value));
  const rotation = quaternionOf(srow);
  return {
    srow,
    qformCode: rotation ? scanner : 0,
    pixdim: [rotation?.qfac ?? 1, ...spacingMm(grid), 1, 1, 1, 1],
    quaternion: rotation?.quaternion ?? [0, 0, 0],
    qoffset: [srow[3]!, srow[7]!, srow[11]!],
  };
}

const dimOf = ({ grid }: Volume<VoxelArray>): readonly number[] => [3, ...grid.size, 1, 1, 1, 1];

function writeText(view: DataView, at: number, text: string): void {
  for (let n = 0; n < text.length; n++) view.setUint8(at + n, text.charCodeAt(n));
}

function writeHeader1(view: DataView, volume: Volume<VoxelArray>, voxOffset: number): void {
  const { srow, qformCode, pixdim, quaternion, qoffset } = orientationOf(volume);
  const datatype = datatypeOf(volume.data);
  const shorts = (at: number, values: readonly number[]): void => {
    for (const [n, value] of values.entries()) view.setInt16(at + 2 * n, value, true);
  };
  const floats = (at: number, values: readonly number[]): void => {
    for (const [n, value] of values.entries()) view.setFloat32(at + 4 * n, value, true);
  };
  view.setInt32(0, headerBytes[1], true);
  shorts(40, dimOf(volume));
  shorts(70, [datatype, bytesPerVoxel(datatype) * 8]);
  floats(76, pixdim);
  floats(108, [voxOffset, 1, 0]);
  view.setUint8(123, millimetres);
  shorts(252, [qformCode, scanner]);
  floats(256, [...quaternion, ...qoffset]);
  floats(280, srow);
  writeText(view, 344, 'n+1\0');
}

function writeHeader2(view: DataView, volume: Volume<VoxelArray>, voxOffset: number): void {
  const { srow, qformCode, pixdim, quaternion, qoffset } = orientationOf(volume);
  const datatype = datatypeOf(volume.data);
  const longs = (at: number, values: readonly number[]): void => {
    for (const [n, value] of values.entries()) view.setBigInt64(at + 8 * n, BigInt(value), true);
  };
  const doubles = (at: number, values: readonly number[]): void => {
    for (const [n, value] of values.entries()) view.setFloat64(at + 8 * n, value, true);
  };
  view.setInt32(0, headerBytes[2], true);
  writeText(view, 4, 'n+2\0\r\n\x1a\n');
  view.setInt16(12, datatype, true);
  view.setInt16(14, bytesPerVoxel(datatype) * 8, true);
  longs(16, dimOf(volume));
  doubles(104, pixdim);
  longs(168, [voxOffset]);
  doubles(176, [1, 0]);
  view.setInt32(344, qformCode, true);
  view.setInt32(348, scanner, true);
  doubles(352, [...quaternion, ...qoffset]);
  doubles(400, srow);
  view.setInt32(500, millimetres, true);
}

import { type LabelVolume, type Volume, voxelCount } from '../domain/geometry.ts';
import { bytesPerVoxel, type StoredArray, storedArray } from './datatype.ts';
import { type NiftiHeader, readHeader } from './header.ts';
import { inflateAll, inflateHead, isGzip } from './inflate.ts';
import { NiftiError } from './nifti-error.ts';
import { type TransformSource, transformOf } from './transform.ts';

/** 512 x 512 x 512, 0.5 GiB as floats. */
const defaultMaxVoxels = 2 ** 27;
/** What may follow the voxels. */
const maxTrailingBytes = 2 ** 20;

export interface ReadLimits {
  readonly maxVoxels?: number;
}

export interface NiftiVolume<V> {
  /** Voxels in the order of the file; its grid may be left-handed. */
  readonly volume: V;
  readonly transformSource: TransformSource;
}

/**
 * Reads an image, NIfTI-1 or -2, plain or gzipped, in either byte order, scaled as the file says.
 * Nothing is allocated before the header was checked, and not more than it tells of.
 * @throws NiftiError
 */
export function readNifti(bytes: Uint8Array, limits: ReadLimits = {}): NiftiVolume<Volume> {
  const { header, stored, grid, transformSource } = load(bytes, limits);
  const { slope, intercept } = header;
  const data = new Float32Array(stored.length);
  for (let n = 0; n < data.length; n++) {
    data[n] = Number(stored[n]!) * slope + intercept;
    if (!Number.isFinite(data[n]!))
      throw new NiftiError('MALFORMED', `Voxel ${n} has a value that is no finite number of 32 bits.`);
  }
  return { volume: { grid, data }, transformSource };
}

/**
 * Reads a label: whole numbers from 0 to 65,535, of whatever type they are stored in.
 * @throws NiftiError NOT_A_LABEL naming the first voxel that is none; and as `readNifti`
 */
export function readNiftiLabel(bytes: Uint8Array, limits: ReadLimits = {}): NiftiVolume<LabelVolume> {
  const { header, stored, grid, transformSource } = load(bytes, limits);
  const { slope, intercept } = header;
  const data = new Uint16Array(stored.length);
  for (let n = 0; n < data.length; n++) {
    const value = Number(stored[n]!) * slope + intercept;
    data[n] = value;
    if (data[n] !== value)
      throw new NiftiError('NOT_A_LABEL', `Voxel ${n} is ${value}: a label holds whole numbers from 0 to 65535.`);
  }
  return { volume: { grid, data }, transformSource };
}

interface Loaded {
  readonly header: NiftiHeader;
  readonly stored: StoredArray;
  readonly grid: Volume['grid'];
  readonly transformSource: TransformSource;
}

function load(bytes: Uint8Array, { maxVoxels = defaultMaxVoxels }: ReadLimits): Loaded {
  const gzipped = isGzip(bytes);
  const header = readHeader(gzipped ? inflateHead(bytes) : bytes, maxVoxels);
  const { indexToLps, source } = transformOf(header);
  const grid = { size: header.size, indexToLps };
  const end = header.voxOffset + voxelCount(grid) * bytesPerVoxel(header.datatype);
  const plain = gzipped ? inflateAll(bytes, end + maxTrailingBytes) : bytes;
  if (plain.length < end)
    throw new NiftiError('TRUNCATED', `The file has ${plain.length} bytes, its header tells of ${end}.`);
  const stored = storedArray(plain.subarray(header.voxOffset, end), header.datatype, header.littleEndian);
  return { header, stored, grid, transformSource: source };
}

import { bytesPerVoxel } from './datatype.ts';
import { NiftiError } from './nifti-error.ts';

/** Length of the header of each version, bytes; also what its first four bytes say. */
export const headerBytes = { 1: 348, 2: 540 } as const;

/** The fields that a volume needs, of either version. Lengths in the file's own unit, matrices by rows, RAS. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  readonly size: readonly [number, number, number];
  readonly datatype: number;
  /** Where the voxels begin, bytes. */
  readonly voxOffset: number;
  /** 1 and 0 where the file says that values are as stored. */
  readonly slope: number;
  readonly intercept: number;
  /** qfac, then the distances of voxels along i, j and k. */
  readonly pixdim: readonly [number, number, number, number];
  readonly qformCode: number;
  readonly quaternion: readonly [b: number, c: number, d: number];
  readonly qoffset: readonly [number, number, number];
  readonly sformCode: number;
  /** Three rows of four. */
  readonly srow: readonly number[];
  /** Millimetres in the file's unit of length; 1 where it names none. */
  readonly unitMm: number;
}

/** No extension in use is near to this. */
const maxVoxOffset = 64 * 2 ** 20;

/**
 * Reads and checks the header of a single file (n+1 or n+2), not compressed.
 * @param bytes At least the header; the voxels need not be there.
 * @throws NiftiError NOT_NIFTI, TRUNCATED, OUT_OF_BOUNDS, MALFORMED, UNSUPPORTED
 */
export function readHeader(bytes: Uint8Array, maxVoxels: number): NiftiHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { version, littleEndian } = formOf(view);
  const raw = version === 1 ? fieldsOf1(view, littleEndian) : fieldsOf2(view, littleEndian);
  const size = sizeOf(raw.dim, maxVoxels);
  const bytesEach = bytesPerVoxel(raw.datatype);
  if (raw.bitpix !== bytesEach * 8)
    throw new NiftiError('MALFORMED', `bitpix is ${raw.bitpix}, its datatype has ${bytesEach * 8} bits.`);
  const { voxOffset } = raw;
  if (!Number.isInteger(voxOffset) || voxOffset < headerBytes[version] + 4)
    throw new NiftiError(
      'MALFORMED',
      `vox_offset is ${voxOffset}: voxels begin ${headerBytes[version] + 4} bytes into the file or later.`,
    );
  if (voxOffset > maxVoxOffset)
    throw new NiftiError('OUT_OF_BOUNDS', `vox_offset is ${voxOffset}, at most ${maxVoxOffset} is read.`);
  return { ...raw, ...scalingOf(raw.slope, raw.intercept), version, littleEndian, size, unitMm: unitMmOf(raw.units) };
}

function formOf(view: DataView): { version: 1 | 2; littleEndian: boolean } {
  if (view.byteLength < headerBytes[1])
    throw new NiftiError('TRUNCATED', `The file has ${view.byteLength} bytes, a header has ${headerBytes[1]}.`);
  for (const littleEndian of [true, false])
    for (const version of [1, 2] as const) {
      if (view.getInt32(0, littleEndian) !== headerBytes[version]) continue;
      if (view.byteLength < headerBytes[version])
        throw new NiftiError('TRUNCATED', `The file has ${view.byteLength} bytes, its header ${headerBytes[version]}.`);
      checkMagic(view, version);
      return { version, littleEndian };
    }
  throw new NiftiError('NOT_NIFTI', 'The file does not begin with a NIfTI header.');
}

function checkMagic(view: DataView, version: 1 | 2): void {
  const at = version === 1 ? 344 : 4;
  const magic = String.fromCharCode(...[0, 1, 2, 3].map((n) => view.getUint8(at + n)));
  if (magic === `ni${version}\0`)
    throw new NiftiError(
      'UNSUPPORTED',
      'A header with its image in another file (.hdr, .img) is not read: store one .nii.',
    );
  if (magic !== `n+${version}\0`)
    throw new NiftiError('NOT_NIFTI', 'The file has no NIfTI magic; an ANALYZE file does not say where it lies.');
}

type RawFields = Omit<NiftiHeader, 'version' | 'littleEndian' | 'size' | 'unitMm'> & {
  readonly dim: readonly number[];
  readonly bitpix: number;
  readonly units: number;
};

/** Offsets by nifti1.h. */
function fieldsOf1(view: DataView, le: boolean): RawFields {
  const short = (at: number): number => view.getInt16(at, le);
  const float = (at: number): number => view.getFloat32(at, le);
  return {
    dim: Array.from({ length: 8 }, (_, n) => short(40 + 2 * n)),
    datatype: short(70),
    bitpix: short(72),
    pixdim: [float(76), float(80), float(84), float(88)],
    voxOffset: float(108),
    slope: float(112),
    intercept: float(116),
    units: view.getUint8(123),
    qformCode: short(252),
    sformCode: short(254),
    quaternion: [float(256), float(260), float(264)],
    qoffset: [float(268), float(272), float(276)],
    srow: Array.from({ length: 12 }, (_, n) => float(280 + 4 * n)),
  };
}

/** Offsets by nifti2.h. */
function fieldsOf2(view: DataView, le: boolean): RawFields {
  const int = (at: number): number => view.getInt32(at, le);
  const long = (at: number): number => Number(view.getBigInt64(at, le));
  const double = (at: number): number => view.getFloat64(at, le);
  return {
    dim: Array.from({ length: 8 }, (_, n) => long(16 + 8 * n)),
    datatype: view.getInt16(12, le),
    bitpix: view.getInt16(14, le),
    pixdim: [double(104), double(112), double(120), double(128)],
    voxOffset: long(168),
    slope: double(176),
    intercept: double(184),
    units: int(500),
    qformCode: int(344),
    sformCode: int(348),
    quaternion: [double(352), double(360), double(368)],
    qoffset: [double(376), double(384), double(392)],
    srow: Array.from({ length: 12 }, (_, n) => double(400 + 8 * n)),
  };
}

function sizeOf(dim: readonly number[], maxVoxels: number): readonly [number, number, number] {
  const [rank, ...lengths] = dim as [number, ...number[]];
  if (rank < 1 || rank > 7) throw new NiftiError('MALFORMED', `dim[0] is ${rank}; an image has 1 to 7 dimensions.`);
  const used = lengths.slice(0, rank);
  const odd = used.findIndex((length) => length < 1);
  if (odd >= 0) throw new NiftiError('MALFORMED', `dim[${odd + 1}] is ${used[odd]}.`);
  if (used.slice(3).some((length) => length > 1))
    throw new NiftiError(
      'UNSUPPORTED',
      `The file has ${used.join(' x ')} values: store one volume of three dimensions.`,
    );
  const size = [used[0] ?? 1, used[1] ?? 1, used[2] ?? 1] as const;
  if (size[0] * size[1] * size[2] > maxVoxels)
    throw new NiftiError('OUT_OF_BOUNDS', `The file has ${size.join(' x ')} voxels, at most ${maxVoxels} are read.`);
  return size;
}

/** A slope of 0 or none means that values are as stored. */
function scalingOf(slope: number, intercept: number): { slope: number; intercept: number } {
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 };
  if (!Number.isFinite(intercept))
    throw new NiftiError('MALFORMED', 'scl_inter is no number although scl_slope is one.');
  return { slope, intercept };
}

/** Bits 0 to 2 of xyzt_units: metre, millimetre, micron. */
function unitMmOf(units: number): number {
  const length = units & 7;
  if (length === 1) return 1000;
  return length === 3 ? 1e-3 : 1;
}

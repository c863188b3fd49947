import { NiftiError } from './nifti-error.ts';

export type StoredArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** By the code in the header (nifti1.h, "the actual list of datatypes"). */
const arrays = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
  1024: BigInt64Array,
  1280: BigUint64Array,
} as const;

const unread: Readonly<Record<number, string>> = {
  1: 'bits',
  32: 'complex numbers',
  128: 'colours',
  1536: 'floats of 128 bits',
  1792: 'complex numbers',
  2048: 'complex numbers',
  2304: 'colours',
};

/** @throws NiftiError UNSUPPORTED */
export function bytesPerVoxel(datatype: number): number {
  if (datatype in arrays) return arrays[datatype as keyof typeof arrays].BYTES_PER_ELEMENT;
  const what = unread[datatype] ?? `datatype ${datatype}`;
  throw new NiftiError(
    'UNSUPPORTED',
    `Voxels of ${what} are not read: whole numbers of 8 to 64 bits and floats of 32 or 64 are.`,
  );
}

/** A copy of the voxels as they are stored, in this machine's byte order (which is little endian wherever Node runs). */
export function storedArray(bytes: Uint8Array, datatype: number, littleEndian: boolean): StoredArray {
  const size = bytesPerVoxel(datatype);
  const copy = Buffer.from(Uint8Array.from(bytes).buffer);
  if (!littleEndian && size === 2) copy.swap16();
  if (!littleEndian && size === 4) copy.swap32();
  if (!littleEndian && size === 8) copy.swap64();
  return new arrays[datatype as keyof typeof arrays](copy.buffer, copy.byteOffset, copy.length / size);
}

/** The code of an array's type. */
export const datatypeOf = (array: Float32Array | Int16Array | Uint16Array | Uint8Array): number => {
  if (array instanceof Float32Array) return 16;
  if (array instanceof Int16Array) return 4;
  return array instanceof Uint16Array ? 512 : 2;
};

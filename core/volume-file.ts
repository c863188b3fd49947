import { gunzipSync, gzipSync } from 'node:zlib';
import { type Grid, type VoxelArray, voxelCount } from './domain/geometry.ts';

/** Arrays of voxels on one grid, by name: a label, or the channels and the mask of a prepared study. */
export interface VolumeFile {
  readonly grid: Grid;
  readonly arrays: Readonly<Record<string, VoxelArray>>;
  /** What else is to be known of the arrays, by name; not `grid`. */
  readonly notes?: Readonly<Record<string, string>>;
}

const dtypes = { U8: Uint8Array, U16: Uint16Array, I16: Int16Array, F32: Float32Array } as const;
type Dtype = keyof typeof dtypes;

interface TensorInfo {
  readonly dtype: Dtype;
  readonly data_offsets: readonly [from: number, to: number];
}
type Header = { readonly __metadata__: { readonly grid: string } & Readonly<Record<string, string>> } & Readonly<
  Record<string, unknown>
>;

/** Bytes are not a volume file, or not a whole one. */
export class VolumeFileError extends Error {
  override readonly name = 'VolumeFileError';
}

/** As gzipped safetensors, [slices, rows, columns] each, the grid in the metadata. The same input gives the same bytes. */
export function encodeVolumeFile({ grid, arrays, notes }: VolumeFile): Uint8Array {
  const [columns, rows, slices] = grid.size;
  const header: Record<string, unknown> = {
    __metadata__: { ...notes, grid: JSON.stringify({ size: grid.size, indexToLps: grid.indexToLps }) },
  };
  let offset = 0;
  const parts: Uint8Array[] = [];
  for (const name of Object.keys(arrays).sort()) {
    const array = arrays[name]!;
    if (array.length !== voxelCount(grid))
      throw new RangeError(`${name} has ${array.length} voxels, its grid ${voxelCount(grid)}`);
    const dtype = (Object.keys(dtypes) as Dtype[]).find((key) => array instanceof dtypes[key])!;
    header[name] = { dtype, shape: [slices, rows, columns], data_offsets: [offset, offset + array.byteLength] };
    parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    offset += array.byteLength;
  }
  // Padded to 8 bytes, so that arrays are aligned (safetensors' format).
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(Buffer.byteLength(json) / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return gzipSync(Buffer.concat([length, text, ...parts]), { level: 3 });
}

/** @throws VolumeFileError saying what is wrong with the bytes. */
export function decodeVolumeFile(bytes: Uint8Array): VolumeFile {
  try {
    const raw = gunzipSync(bytes, { maxOutputLength: 2 ** 31 });
    const headerLength = Number(raw.readBigUInt64LE(0));
    const header = JSON.parse(raw.subarray(8, 8 + headerLength).toString('utf8')) as Header;
    const { __metadata__: metadata, ...tensors } = header;
    const { grid: gridText, ...notes } = metadata;
    const grid = JSON.parse(gridText) as Grid;
    const arrays = Object.entries(tensors as Record<string, TensorInfo>).map(
      ([
        name,
        {
          dtype,
          data_offsets: [from, to],
        },
      ]) => {
        const part = raw.subarray(8 + headerLength + from, 8 + headerLength + to);
        // A copy: the array must begin at a multiple of its element's size.
        const array = new dtypes[dtype](Uint8Array.from(part).buffer);
        if (array.length !== voxelCount(grid))
          throw new RangeError(`${name} has ${array.length} voxels, its grid ${voxelCount(grid)}`);
        return [name, array] as const;
      },
    );
    return { grid, arrays: Object.fromEntries(arrays), ...(Object.keys(notes).length > 0 ? { notes } : {}) };
  } catch (error) {
    throw new VolumeFileError(`not a volume file: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

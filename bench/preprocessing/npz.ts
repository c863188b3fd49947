import { inflateRawSync } from 'node:zlib';

/** An array as NumPy stores it, in C order. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array | Float64Array;
}

const dtypes = {
  '|b1': Uint8Array,
  '|u1': Uint8Array,
  '<i2': Int16Array,
  '<u2': Uint16Array,
  '<i4': Int32Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const;

const [endOfDirectory, directoryEntry] = [0x06054b50, 0x02014b50];

/** The arrays of an .npz file (a ZIP of .npy files, stored or deflated, without ZIP64), by name. @throws RangeError if it is none */
export function readNpz(bytes: Buffer): ReadonlyMap<string, NumpyArray> {
  const end = bytes.lastIndexOf(Buffer.of(0x50, 0x4b, 0x05, 0x06));
  if (end < 0 || bytes.readUInt32LE(end) !== endOfDirectory) throw new RangeError('the file is no .npz archive');
  const arrays = new Map<string, NumpyArray>();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    if (bytes.readUInt32LE(at) !== directoryEntry) throw new RangeError('the directory of the .npz archive is damaged');
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength!);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + size);
    arrays.set(name.replace(/\.npy$/, ''), readNpy(method === 8 ? inflateRawSync(packed) : packed));
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  return arrays;
}

/** NumPy's NPY format, versions 1 to 3. */
function readNpy(bytes: Buffer): NumpyArray {
  const wide = bytes[6]! > 1;
  const headerLength = wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const from = (wide ? 12 : 10) + headerLength;
  const header = bytes.toString('latin1', wide ? 12 : 10, from);
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '';
  if (!(descr in dtypes) || !/'fortran_order':\s*False/.test(header))
    throw new RangeError(`arrays of ${descr || 'this kind'} are not read`);
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((n) => n.trim())
    .map(Number);
  // A copy: the array must begin at a multiple of its element's size.
  const values = new dtypes[descr as keyof typeof dtypes](Uint8Array.from(bytes.subarray(from)).buffer);
  if (values.length !== shape.reduce((product, n) => product * n, 1))
    throw new RangeError(`an array of ${shape.join(' x ')} has ${values.length} values`);
  return { shape, values };
}

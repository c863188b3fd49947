/** Float32 values of any shape, row-major. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type TensorMap = ReadonlyMap<string, NamedArray>;

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

const alignment = 8;
const largestHeader = 100_000_000;

/**
 * Writes float32 tensors and text metadata as safetensors: an 8-byte little-endian length, a JSON header padded with spaces to a
 * multiple of 8, and the data. Tensors are ordered by name, so equal content gives equal bytes.
 */
export function encodeSafetensors(tensors: TensorMap, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const header: Record<string, HeaderEntry | Record<string, string>> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = { ...metadata };
  const ordered = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  let end = 0;
  for (const [name, { shape, data }] of ordered) {
    const start = end;
    end += data.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads float32 safetensors; every array is a copy.
 * @throws Error that says what is wrong with the bytes: cut short, not safetensors, another type than F32, overlapping offsets.
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Map<string, NamedArray>;
  metadata: Record<string, string>;
} {
  const headerLength = headerLengthOf(bytes);
  const { __metadata__: metadata, ...entries } = parseHeader(bytes.subarray(8, 8 + headerLength));
  const data = bytes.subarray(8 + headerLength);
  const tensors = new Map<string, NamedArray>();
  for (const [name, entry] of Object.entries(entries)) tensors.set(name, readTensor(name, entry as HeaderEntry, data));
  checkCoverage(Object.values(entries) as HeaderEntry[], data.byteLength);
  return { tensors, metadata: { ...(metadata as Record<string, string> | undefined) } };
}

/** The format leaves no gap between tensors, lets none overlap, and none follow the last. */
function checkCoverage(entries: readonly HeaderEntry[], dataBytes: number): void {
  let end = 0;
  for (const { data_offsets: offsets } of entries.toSorted((a, b) => a.data_offsets[1] - b.data_offsets[1])) {
    if (offsets[0] !== end) throw new Error(`The safetensors data has a gap or an overlap at byte ${end}.`);
    end = offsets[1];
  }
  if (end !== dataBytes) throw new Error(`The safetensors data has ${dataBytes} bytes, its tensors take ${end}.`);
}

function headerLengthOf(bytes: Uint8Array): number {
  if (bytes.byteLength < 8) throw new Error(`${bytes.byteLength} bytes are too few to be safetensors.`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > largestHeader || length > bytes.byteLength - 8) {
    throw new Error(`The bytes are not safetensors or are cut short: the header would take ${length} bytes.`);
  }
  return length;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch (cause) {
    throw new Error('The safetensors header is not JSON.', { cause });
  }
  throw new Error('The safetensors header is not a JSON object.');
}

function readTensor(name: string, entry: HeaderEntry, data: Uint8Array): NamedArray {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32') throw new Error(`Tensor ${name} has type ${dtype}; only F32 is used here.`);
  const [start, end] = offsets;
  const wanted = shape.reduce((product, size) => product * size, 4);
  if (!(start >= 0 && end <= data.byteLength && end - start === wanted)) {
    throw new Error(`Tensor ${name} of shape [${shape.join(', ')}] does not fit its bytes ${start} to ${end}.`);
  }
  // Copied, because a Float32Array has to start at a multiple of 4. (Not by slice, which shares the memory of a Buffer.)
  return { shape, data: new Float32Array(new Uint8Array(data.subarray(start, end)).buffer) };
}

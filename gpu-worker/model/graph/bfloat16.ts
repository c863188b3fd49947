/** Float32 values as little-endian bfloat16, rounded to nearest, ties to even; a NaN stays one. */
export function encodeBfloat16(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const rounded = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const b = bits[i]!;
    const isNotANumber = (b & 0x7fffffff) > 0x7f800000;
    rounded[i] = isNotANumber ? (b >>> 16) | 0x40 : (b + 0x7fff + ((b >>> 16) & 1)) >>> 16;
  }
  return new Uint8Array(rounded.buffer);
}

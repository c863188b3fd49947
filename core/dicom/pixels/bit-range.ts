/** Bits of packed data; frames of single-bit pixels need not begin on a whole byte (PS3.5 section 8.1.1). */
export function bitRange(bytes: Uint8Array, from: number, count: number): Uint8Array {
  if (from % 8 === 0 && count % 8 === 0) return bytes.subarray(from / 8, (from + count) / 8);
  const range = new Uint8Array(Math.ceil(count / 8));
  for (let n = 0; n < count; n++) {
    const at = from + n;
    if ((bytes[at >> 3]! >> (at & 7)) & 1) range[n >> 3]! |= 1 << (n & 7);
  }
  return range;
}

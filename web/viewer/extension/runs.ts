/**
 * What is drawn on one slice, sparse: start, length and value of each run of equal pixels that are not 0, in scan order, three numbers
 * a run.
 */
export type Runs = Uint32Array<ArrayBuffer>;

export function encodeRuns(pixels: ArrayLike<number>): Runs {
  const found: number[] = [];
  for (let n = 0; n < pixels.length; ) {
    const value = pixels[n]!;
    const start = n++;
    if (value === 0) continue;
    while (n < pixels.length && pixels[n] === value) n++;
    found.push(start, n - start, value);
  }
  return Uint32Array.from(found);
}

/** Draws the runs over whatever the pixels are. @throws RangeError if a run ends beyond them */
export function drawRuns(
  runs: Runs,
  pixels: { fill(value: number, start: number, end: number): unknown } & ArrayLike<number>,
): void {
  for (let n = 0; n < runs.length; n += 3) {
    const [start, length, value] = [runs[n]!, runs[n + 1]!, runs[n + 2]!];
    if (start + length > pixels.length)
      throw new RangeError(`a run from pixel ${start} to ${start + length} on a slice of ${pixels.length}`);
    pixels.fill(value, start, start + length);
  }
}

/**
 * One number for what is drawn and of which metastases the outline is coarse: equal labels have the same, others all but surely not
 * (32-bit FNV-1a).
 */
export function fingerprint(
  slices: readonly { readonly image: string; readonly runs: Runs }[],
  coarse: Iterable<number> = [],
): number {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  };
  for (const { image, runs } of slices) {
    for (let n = 0; n < image.length; n++) mix(image.charCodeAt(n));
    runs.forEach(mix);
  }
  for (const number of [...coarse].sort((a, b) => a - b)) mix(-number);
  return hash;
}

import { type Connectivity, type MaskArray, neighbourSteps, requireSize, type Size } from './components.ts';

/**
 * Dilates a mask by its 6, 18 or 26 neighbours, `times` times.
 * @returns a new mask of 0 and 1
 * @throws RangeError if the mask's length is not that of the size
 */
export function dilate(mask: MaskArray, size: Size, connectivity: Connectivity, times = 1): Uint8Array<ArrayBuffer> {
  const steps = neighbourSteps(connectivity);
  let result = stamp(mask, size, times > 0 ? steps : []);
  for (let n = 1; n < times; n++) result = stamp(result, size, steps);
  return result;
}

/**
 * Dilates a mask by all voxels whose centre lies at most `radiusMm` from the centre of one of its voxels.
 * @returns a new mask of 0 and 1
 * @throws RangeError if the mask's length is not that of the size
 */
export function dilateByMm(
  mask: MaskArray,
  size: Size,
  spacingMm: readonly [number, number, number],
  radiusMm: number,
): Uint8Array<ArrayBuffer> {
  // A distance that is the radius but for rounding counts as within.
  const limit = radiusMm + 1e-6;
  const [ri, rj, rk] = spacingMm.map((edge) => Math.floor(limit / edge)) as [number, number, number];
  const steps: (readonly [number, number, number])[] = [];
  for (let dk = -rk; dk <= rk; dk++)
    for (let dj = -rj; dj <= rj; dj++)
      for (let di = -ri; di <= ri; di++) {
        const distance = Math.hypot(di * spacingMm[0], dj * spacingMm[1], dk * spacingMm[2]);
        if (distance > 0 && distance <= limit) steps.push([di, dj, dk]);
      }
  return stamp(mask, size, steps);
}

/**
 * The mask with `steps` put on each voxel at its surface. The steps are convex about the centre, so that a voxel with
 * all six faces inside the mask adds nothing that its neighbours do not.
 */
function stamp(
  mask: MaskArray,
  size: Size,
  steps: readonly (readonly [number, number, number])[],
): Uint8Array<ArrayBuffer> {
  requireSize(mask.length, size);
  const [columns, rows, slices] = size;
  const plane = columns * rows;
  const result = new Uint8Array(mask.length);
  for (let n = 0; n < mask.length; n++) if (mask[n] !== 0) result[n] = 1;
  const offsets = steps.map(([di, dj, dk]) => dk * plane + dj * columns + di);
  const reach = steps.reduce((most, step) => Math.max(most, ...step.map(Math.abs)), 1);
  let n = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, n++) {
        if (mask[n] === 0) continue;
        const inner =
          i >= reach && j >= reach && k >= reach && i < columns - reach && j < rows - reach && k < slices - reach;
        if (inner) {
          if (isBuried(mask, n, columns, plane)) continue;
          for (const offset of offsets) result[n + offset] = 1;
          continue;
        }
        for (const [di, dj, dk] of steps) {
          const [x, y, z] = [i + di, j + dj, k + dk];
          if (x < 0 || y < 0 || z < 0 || x >= columns || y >= rows || z >= slices) continue;
          result[z * plane + y * columns + x] = 1;
        }
      }
  return result;
}

function isBuried(mask: MaskArray, n: number, columns: number, plane: number): boolean {
  return (
    mask[n - 1] !== 0 &&
    mask[n + 1] !== 0 &&
    mask[n - columns] !== 0 &&
    mask[n + columns] !== 0 &&
    mask[n - plane] !== 0 &&
    mask[n + plane] !== 0
  );
}

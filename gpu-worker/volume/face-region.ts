import {
  type Grid,
  type Matrix4,
  transformPoint,
  type Volume,
  voxelCount,
  voxelVolumeMm3,
} from '#core/domain/geometry.ts';
import { squaredDistancesMm2 } from '#core/label/distance-transform.ts';
import { resample } from './resample.ts';

/**
 * Version of the rules below and of how they are applied; files and reports name it. To be raised with every change that alters which
 * voxels are removed.
 */
export const defacingVersion = '1';

/** Edge of the lattice on which the region is decided, mm. */
const stepMm = 2;
/** How far the lattice reaches beyond the brain's box: to the sides and behind, in front, above, below, mm. */
const reach = { aside: 60, anterior: 130, superior: 40, inferior: 200 };
/**
 * Nothing nearer to the brain mask than this is removed, mm. Both the mask and the region are rounded to the lattice, so that a voxel of
 * a series is safe within `untouchedMm`.
 */
const clearanceMm = 8;
export const untouchedMm = clearanceMm - 2 * stepMm;
/** A half-plane a step: from straight ahead to steeply below, degrees. */
const faceAngles = Array.from({ length: 15 }, (_, n) => 5 * n);
/** The forehead lies so far in front of the brain; it is kept, and below it the depth falls to the second number, mm. */
const [foreheadMm, belowMm] = [15, 3];
const fullDepthDegrees = 30;
/** The face ends so far in front of the brain's middle: what lies further back below the brain is brain stem, which masks may lack, and neck, mm. */
const faceEndMm = 10;
/** Ears: so far beyond the brain's greatest half-width, no nearer to the brain than the second number, up to the third above its middle, mm. */
const [earBeyondMm, earClearanceMm, earTopMm] = [4, 12, 20];

/** Of the inside of adults' skulls, ml, and from its top to the cerebellum, mm; on phantoms masks that had leaked were 165 mm high and more. */
const [leastMl, mostMl, mostHeightMm] = [900, 2200, 160];

const identity: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/**
 * Where a head has its face and ears: 1 on a lattice of 2 mm along the patient's axes, 0 elsewhere and, by the way `resample` reads it,
 * outside the lattice. After Schimke and Hale (Quickshear defacing for neuroimages, 2011), who cut along a plane below the convex hull of
 * the brain seen from the side; here everything goes that lies outside of that hull in any direction from straight ahead to 70 degrees
 * below, in front of the brain's middle (eyes, nose, cheeks, mouth, chin), and what stands out at the sides of the lower half of the brain (ears).
 * @param brain 1 inside, from which orientation the patient's axes are read in LPS
 * @throws RangeError if the mask is empty
 */
export function faceRegion(brain: Volume<Uint8Array>): Volume<Uint8Array> {
  const box = brainBox(brain);
  const grid = latticeAbout(box);
  const mask = resample(brain, grid, identity, 'nearest');
  const squares = squaredDistancesMm2(mask.data, grid.size, [stepMm, stepMm, stepMm]);
  const depths = halfPlanes(mask);
  const [columns, rows, slices] = grid.size;
  const [originX, originY, originZ] = [grid.indexToLps[3]!, grid.indexToLps[7]!, grid.indexToLps[11]!];
  const middleX = (box.low[0] + box.high[0]) / 2;
  const faceEndY = (box.low[1] + box.high[1]) / 2 - faceEndMm;
  const earX = (box.high[0] - box.low[0]) / 2 + earBeyondMm;
  const earZ = (box.low[2] + box.high[2]) / 2 + earTopMm;
  const data = new Uint8Array(voxelCount(grid));
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const [y, z] = [originY + j * stepMm, originZ + k * stepMm];
      const face = y < faceEndY && depths.some(({ forward, down, depthMm }) => -forward * y - down * z > depthMm);
      if (!face && z > earZ) continue;
      for (let i = 0, n = (k * rows + j) * columns; i < columns; i++, n++) {
        const ear = z <= earZ && Math.abs(originX + i * stepMm - middleX) > earX && squares[n]! >= earClearanceMm ** 2;
        if (ear || (face && squares[n]! >= clearanceMm ** 2)) data[n] = 1;
      }
    }
  return { grid, data };
}

/**
 * True if a mask may be a whole brain and no more: a mask that leaked through the base of the skull would keep the face, one that lost a part
 * would have it cut.
 */
export function likelyBrain(brain: Volume<Uint8Array>): boolean {
  const volumeMl = (brain.data.reduce((sum, inside) => sum + inside, 0) * voxelVolumeMm3(brain.grid)) / 1000;
  if (volumeMl < leastMl || volumeMl > mostMl) return false;
  const { low, high } = brainBox(brain);
  return high[2] - low[2] <= mostHeightMm;
}

interface Box {
  readonly low: [number, number, number];
  readonly high: [number, number, number];
}

/** About the centres of the brain's voxels, LPS mm. */
function brainBox({ grid, data }: Volume<Uint8Array>): Box {
  const box: Box = { low: [Infinity, Infinity, Infinity], high: [-Infinity, -Infinity, -Infinity] };
  const [columns, rows] = grid.size;
  for (let n = data.indexOf(1); n >= 0; n = data.indexOf(1, n + 1)) {
    const index = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))] as const;
    const point = transformPoint(grid.indexToLps, index);
    for (const axis of [0, 1, 2] as const) {
      box.low[axis] = Math.min(box.low[axis], point[axis]);
      box.high[axis] = Math.max(box.high[axis], point[axis]);
    }
  }
  if (box.low[0] > box.high[0]) throw new RangeError('the brain mask is empty');
  return box;
}

function latticeAbout({ low, high }: Box): Grid {
  // LPS: y grows to the back, z to the top.
  const from = [low[0] - reach.aside, low[1] - reach.anterior, low[2] - reach.inferior] as const;
  const to = [high[0] + reach.aside, high[1] + reach.aside, high[2] + reach.superior] as const;
  const count = (axis: 0 | 1 | 2): number => Math.ceil((to[axis] - from[axis]) / stepMm) + 1;
  return {
    size: [count(0), count(1), count(2)],
    indexToLps: [stepMm, 0, 0, from[0], 0, stepMm, 0, from[1], 0, 0, stepMm, from[2], 0, 0, 0, 1],
  };
}

interface HalfPlane {
  /** Of its normal, which points out of the head. */
  readonly forward: number;
  readonly down: number;
  /** What lies further along the normal goes, mm. */
  readonly depthMm: number;
}

/** Tangents to the brain as it is seen from the side, moved out by the depth of forehead or base. */
function halfPlanes({ grid, data }: Volume<Uint8Array>): HalfPlane[] {
  const [columns, rows, slices] = grid.size;
  const seen: (readonly [y: number, z: number])[] = [];
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const row = (k * rows + j) * columns;
      if (data.subarray(row, row + columns).includes(1))
        seen.push([grid.indexToLps[7]! + j * stepMm, grid.indexToLps[11]! + k * stepMm]);
    }
  return faceAngles.map((degrees) => {
    const [forward, down] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const reached = seen.reduce((most, [y, z]) => Math.max(most, -forward * y - down * z), Number.NEGATIVE_INFINITY);
    const share = Math.min(1, degrees / fullDepthDegrees);
    return { forward, down, depthMm: reached + foreheadMm + share * (belowMm - foreheadMm) };
  });
}

import { coverage, ellipsoid, smoothMin } from './distance.ts';
import type { Subject } from './subject.ts';
import { tissue } from './tissue.ts';

/** Signed distance to the skin. @param cavityMm distance to the inner surface of the skull. */
export function skinDistance(subject: Subject, x: number, y: number, z: number, cavityMm: number): number {
  const cranium = cavityMm - subject.skullMm - subject.scalpMm;
  const face = ellipsoid(x, y, z, 0, -50, -58, 61, 52, 76);
  const jaw = ellipsoid(x, y, z, 0, -62, -112, 44, 42, 34);
  const nose = ellipsoid(x, y, z, 0, -102, -62, 13, 19, 24);
  const neckAcross = Math.sqrt((x / 60) ** 2 + ((y - 28 - 0.1 * (-60 - z)) / 58) ** 2);
  const neck = Math.max((neckAcross - 1) * 58, z + 45);
  let d = smoothMin(smoothMin(cranium, face, 14), smoothMin(jaw, neck, 22), 16);
  d = smoothMin(d, nose, 8);
  return Math.min(d, ellipsoid(Math.abs(x), y, z, 83, 20, -28, 5, 15, 27));
}

/** Air in nose, sinuses, throat and the cells of the mastoid. */
function airDistance(subject: Subject, x: number, y: number, z: number): number {
  const across = Math.abs(x);
  const septum = 1.5 - across;
  const nasal = Math.max(ellipsoid(x, y, z, 0, -72, -62, 15, 32, 19), septum);
  const paranasal = Math.min(
    ellipsoid(across, y, z, 29, -68, -66, 12, 17, 15),
    Math.max(ellipsoid(across, y, z, 11, -88, -14, 12, 6, 12), septum - 2),
    ellipsoid(x, y, z, 0, -32, -38, 13, 12, 8),
  );
  const throat = Math.max(Math.hypot(x / 1.6, y + 28) - 6, z + 60);
  const mastoid = ellipsoid(across, y, z, 58, 26, -46, 10, 13, 15) + 6 * subject.noise(0.3 * x, 0.3 * y, 0.3 * z) + 2;
  return Math.min(nasal, paranasal, throat, mastoid);
}

/** Mixes `part` of a voxel as the given tissue over what it holds. */
export function paint(out: Float32Array, into: number, part: number): void {
  if (part <= 0) return;
  for (let n = 0; n < out.length; n++) out[n]! *= 1 - part;
  out[into]! += part;
}

/**
 * Everything between the cavity of the skull and the skin. `out` receives fractions of tissues.
 * @param softMm edge of the voxel over which surfaces are blurred.
 */
export function paintOuterHead(
  subject: Subject,
  [x, y, z]: readonly [number, number, number],
  cavityMm: number,
  skinMm: number,
  softMm: number,
  out: Float32Array,
): void {
  const { noise, skullMm, scalpMm } = subject;
  const under = -skinMm;
  const coarse = noise(0.07 * x, 0.07 * y, 0.07 * z);
  const streaks = noise(0.22 * x + 3, 0.22 * y, 0.09 * z);
  out[tissue.air] = 1;
  paint(out, tissue.skin, coverage(skinMm, softMm));
  paint(out, tissue.fat, coverage(1.8 - under, softMm));
  const lowerFace = z < -18 - 0.15 * (y + 60) ? 1 : 0;
  const fatMm = scalpMm - 1 + 2.5 * coarse;
  paint(out, tissue.muscle, coverage(fatMm - under, softMm) * (lowerFace || coverage(cavityMm - 40, 4)));
  if (lowerFace) paint(out, tissue.fat, 0.85 * coverage(0.45 - streaks, 0.3) * coverage(fatMm + 1 - under, softMm));
  const temporalMuscle = ellipsoid(Math.abs(x), y, z, 74, -28, -12, 9, 26, 30);
  paint(out, tissue.muscle, coverage(temporalMuscle, softMm) * coverage(2.5 - under, softMm));
  // The base of the skull is thin.
  const outerTable = cavityMm - (z > -15 ? skullMm : 0.5 * skullMm) - 1.2 * coarse;
  paint(out, tissue.bone, coverage(outerTable, softMm));
  const diploe = Math.abs(cavityMm - skullMm / 2) - (skullMm / 2 - 2.1 + 1.6 * coarse);
  if (z > -15) paint(out, tissue.marrow, coverage(diploe, softMm));
  if (z < -5 && y < 60) paintFace(subject, [x, y, z], cavityMm, under, softMm, out);
}

/** Orbits, air spaces, jaw and the spine. */
function paintFace(
  subject: Subject,
  [x, y, z]: readonly [number, number, number],
  cavityMm: number,
  underMm: number,
  softMm: number,
  out: Float32Array,
): void {
  const across = Math.abs(x);
  const outside = coverage(2 - cavityMm, softMm);
  if (y < -30 && z > -75) {
    const orbit = ellipsoid(across, y, z, 31, -66, -36, 18, 27, 18);
    paint(out, tissue.fat, coverage(orbit, softMm) * outside * coverage(1.5 - underMm, softMm));
    paint(
      out,
      tissue.muscle,
      coverage(Math.abs(ellipsoid(across, y, z, 30, -58, -36, 12, 26, 12)) - 1.2, softMm) *
        coverage(orbit, softMm) *
        outside,
    );
    const eye = ellipsoid(across, y, z, 32, -78, -36, 12, 12, 12);
    paint(out, tissue.skin, coverage(eye - 1.2, softMm));
    paint(out, tissue.csf, coverage(eye, softMm));
    paint(out, tissue.muscle, coverage(ellipsoid(across, y, z, 32, -87, -36, 4, 2.2, 4), softMm));
  }
  const palate = ellipsoid(x, y, z, 0, -78, -86, 26, 26, 4);
  const jaw = Math.abs(ellipsoid(x, y, z, 0, -50, -112, 38, 44, 26)) - 5;
  const bones = Math.min(palate, y < -40 && z < -92 ? jaw : 1e3);
  paint(out, tissue.bone, coverage(bones, softMm) * coverage(3 - underMm, softMm));
  paint(out, tissue.marrow, coverage(bones + 2.2, softMm) * coverage(3 - underMm, softMm));
  if (z < -62) {
    const body = Math.hypot(x / 1.15, y + 4) - 13;
    const disc = Math.abs(((-z - 60) % 18) - 9) > 6.5;
    paint(out, disc ? tissue.muscle : tissue.bone, coverage(body, softMm) * outside);
    paint(out, disc ? tissue.skin : tissue.marrow, coverage(body + 1.8, softMm) * outside);
  }
  const air = airDistance(subject, x, y, z);
  paint(out, tissue.bone, 0.5 * coverage(air - 1.5, softMm) * outside);
  paint(out, tissue.air, coverage(air, softMm) * outside);
}

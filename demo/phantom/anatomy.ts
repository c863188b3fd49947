import type { PointLps } from '#core/domain/geometry.ts';
import { choroidDistance, deepGreyDistance, type Folding, foldAt, ventricleDistance } from './cerebrum.ts';
import { coverage, sheetCoverage } from './distance.ts';
import { paint, paintOuterHead, skinDistance } from './head.ts';
import { type Hulls, hulls } from './hulls.ts';
import type { Subject } from './subject.ts';
import { tissue } from './tissue.ts';

/** A head as a function of space. Points are in the head's own frame: mm along left, back and up, origin mid-brain. */
export interface Anatomy {
  /**
   * Writes the tissue fractions at a point into `out` (length `tissueCount`), surfaces blurred over a voxel edge of
   * `softMm`. Returns false, leaving `out` alone, where there is only air.
   */
  sample(x: number, y: number, z: number, softMm: number, out: Float32Array): boolean;
  /** Signed distance to the brain with its sulci and ventricles filled; negative inside. */
  brainMm(x: number, y: number, z: number): number;
  /** Signed distance to the dura's inner surface. */
  cavityMm(x: number, y: number, z: number): number;
  /** The folds of the cerebrum at a point; a fresh value. */
  foldingAt(point: PointLps): Readonly<Folding>;
}

export function createAnatomy(subject: Subject): Anatomy {
  const hull: Hulls = { cavity: 0, cerebrum: 0, cerebellum: 0, stem: 0, tentorium: 0 };
  const folding: Folding = { pialDepthMm: 0, hullDepthMm: 0, sulcusMm: 0, callosumMm: 0 };
  const { noise, warpMm, gapMm } = subject;
  const [sx, sy, sz] = subject.scale;
  const p = { x: 0, y: 0, z: 0 };

  /** To model coordinates: the head's size and a slow warp that makes it lopsided. */
  const toModel = (x: number, y: number, z: number): void => {
    const [u, v, w] = [0.012 * x, 0.012 * y, 0.012 * z];
    p.x = x / sx + warpMm * noise(u + 20, v, w);
    p.y = y / sy + warpMm * noise(u, v + 20, w);
    p.z = z / sz + warpMm * noise(u, v, w + 20);
    hulls(p.x, p.y, p.z, gapMm, hull);
  };
  const brain = (): number => Math.min(hull.cerebrum, hull.cerebellum, Math.max(hull.stem, -75 - p.z));

  return {
    sample(x, y, z, softMm, out) {
      if (x * x + y * y > 19000 || z > 95) return false;
      toModel(x, y, z);
      const skin = skinDistance(subject, p.x, p.y, p.z, hull.cavity);
      if (skin > softMm) return false;
      out.fill(0);
      if (hull.cavity > -softMm) paintOuterHead(subject, [p.x, p.y, p.z], hull.cavity, skin, softMm, out);
      if (hull.cavity < softMm) paintCavity(subject, p, hull, folding, softMm, out);
      return true;
    },
    brainMm(x, y, z) {
      toModel(x, y, z);
      return brain();
    },
    cavityMm(x, y, z) {
      toModel(x, y, z);
      return hull.cavity;
    },
    foldingAt([x, y, z]) {
      toModel(x, y, z);
      foldAt(subject, p.x, p.y, p.z, hull.cerebrum, folding);
      return { ...folding };
    },
  };
}

interface ModelPoint {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Fluid, brain and dura. */
function paintCavity(
  subject: Subject,
  { x, y, z }: ModelPoint,
  hull: Hulls,
  folding: Folding,
  softMm: number,
  out: Float32Array,
): void {
  paint(out, tissue.csf, coverage(hull.cavity, softMm));
  // Between temporal lobe and cerebellum, away from the middle, stands the petrous bone.
  if (z < -8 && (x > 17 || x < -17)) {
    const brainMm = Math.min(hull.cerebrum, hull.cerebellum, hull.stem);
    paint(out, tissue.bone, coverage(3 - brainMm, softMm + 1) * coverage(hull.cavity, softMm));
  }
  if (hull.stem < softMm) {
    paint(out, tissue.white, coverage(hull.stem, softMm));
    paint(out, tissue.deepGrey, 0.35 * coverage(hull.stem + 2, 4));
  }
  if (hull.cerebellum < softMm) paintCerebellum(subject, { x, y, z }, hull.cerebellum, softMm, out);
  if (hull.cerebrum < softMm) paintCerebrum(subject, { x, y, z }, hull.cerebrum, folding, softMm, out);
  else folding.callosumMm = 1;
  if (z < 30 && z > -50 && y > -50 && y < 60 && x < 40 && x > -40 && hull.cavity < -4) {
    const ventricle = ventricleDistance(subject, x, y, z);
    paint(out, tissue.csf, coverage(ventricle, softMm));
    if (ventricle < 1)
      paint(out, tissue.choroid, coverage(choroidDistance(x, y, z), softMm) * coverage(ventricle, softMm));
  }
  // Dura takes up contrast unevenly.
  const stain = 0.45 + 0.5 * subject.noise(0.06 * x + 13, 0.06 * y, 0.06 * z);
  paint(out, tissue.dura, stain * sheetCoverage(hull.cavity + 0.2, 1.1, softMm));
  if (y > -5 && hull.cavity < 0) {
    const open = coverage(17 - Math.hypot(x, Math.min(0, y - 22)), 3);
    paint(out, tissue.dura, stain * open * sheetCoverage(hull.tentorium * 0.9, 1.1, softMm));
  }
  const falx = Math.min(folding.callosumMm - 6 + 0.06 * (y - 10), z + 14, hull.tentorium + 1);
  if (falx > 0 && hull.cavity < 0) {
    const middle = x - 1.5 * subject.noise(0.03 * y + 7, 0.03 * z, 3.5);
    paint(out, tissue.dura, stain * coverage(-falx, 2) * sheetCoverage(middle, 0.9, softMm));
  }
}

function paintCerebrum(
  subject: Subject,
  { x, y, z }: ModelPoint,
  hullMm: number,
  folding: Folding,
  softMm: number,
  out: Float32Array,
): void {
  foldAt(subject, x, y, z, hullMm, folding);
  const { cortexMm, noise } = subject;
  const pial = -folding.pialDepthMm;
  const inHull = coverage(hullMm, softMm);
  const joined = Math.min(1, Math.max(0, (Math.abs(x) - 4) / 5)) || (folding.callosumMm > 6 ? 1 : 0);
  const ribbon = cortexMm * joined * (1 + 0.2 * noise(0.1 * x, 0.1 * y, 0.1 * z));
  paint(out, tissue.csf, inHull);
  paint(out, tissue.grey, inHull * coverage(pial, softMm));
  paint(
    out,
    tissue.white,
    inHull * (0.93 + 0.07 * noise(0.08 * x, 0.08 * y, 0.08 * z + 9)) * coverage(pial + ribbon, softMm + 0.4),
  );
  if (x < 36 && x > -36 && y > -40 && y < 32 && z > -14 && z < 20)
    paint(out, tissue.deepGrey, 0.85 * coverage(deepGreyDistance(x, y, z), softMm + 1));
}

/** Fine leaves around a branching white core. */
function paintCerebellum(
  subject: Subject,
  { x, y, z }: ModelPoint,
  hullMm: number,
  softMm: number,
  out: Float32Array,
): void {
  const { noise, sulcusMm } = subject;
  const [dy, dz] = [y - 30, z + 36];
  const radius = Math.sqrt(dy * dy + dz * dz + 0.12 * x * x) + 1e-6;
  const angle = Math.atan2(dz, dy) + 0.16 * noise(0.07 * x, 0.07 * y, 0.07 * z) + 0.004 * Math.abs(x);
  const leaf = (number: number, reach: number): number => {
    const apart = (Math.sin(angle * number) / number) * radius;
    const below = Math.max(0, -hullMm - reach);
    return Math.sqrt(apart * apart + below * below);
  };
  const depth = Math.min(-hullMm, leaf(22, 5) - 0.45 * sulcusMm, leaf(7, 16) - 0.7 * sulcusMm);
  const inHull = coverage(hullMm, softMm);
  const core = radius - 8 + 4 * noise(0.1 * x + 9, 0.1 * y, 0.1 * z);
  paint(out, tissue.csf, inHull);
  paint(out, tissue.grey, inHull * coverage(-depth, softMm));
  paint(
    out,
    tissue.white,
    inHull * Math.max(0.9 * coverage(1.5 - depth, softMm + 0.5), coverage(core - 5, 4)) * coverage(3 + hullMm, softMm),
  );
}

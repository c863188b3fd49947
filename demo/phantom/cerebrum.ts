import { type Capsule, capsule, ellipsoid, smoothMin } from './distance.ts';
import type { Subject } from './subject.ts';

/** Where a point of the cerebrum lies among folds. */
export interface Folding {
  /** Below the nearest surface of the brain, sulci included; negative in the fluid. */
  pialDepthMm: number;
  /** Below the surface of the hemisphere, its big fissures included but not its sulci. */
  hullDepthMm: number;
  /** Signed distance to the middle of the nearest sulcus' sheet, however deep the sulcus is. */
  sulcusMm: number;
  /** Outside the ellipse of the corpus callosum in the middle plane. */
  callosumMm: number;
}

/** Corpus callosum and what lies below it, seen from the side: here the hemispheres are joined. */
function callosumDistance(y: number, z: number): number {
  return ellipsoid(0, y, z, 0, 4, -4, 1e4, 39, 29);
}

/** Distance to the sheet of the Sylvian fissure, which opens to the side above the temporal lobe. */
function sylvianDistance(across: number, y: number, z: number): number {
  const height = (z + 9 + 0.22 * y) * 0.97;
  const beyond = Math.max(0, 31 - across);
  const along = Math.max(0, y - 26, -32 - y);
  return Math.sqrt(height * height + beyond * beyond + along * along);
}

/**
 * Fills `out` for a point of the cerebrum's hull. Sulci are the zero sheets of a wave field that is read on the
 * hemisphere's surface, so that they run at right angles to it.
 */
export function foldAt(subject: Subject, x: number, y: number, z: number, hullMm: number, out: Folding): void {
  const { noise, sulcusMm, sulcusDepthMm, folds, minorFolds } = subject;
  const across = Math.abs(x);
  const callosum = callosumDistance(y, z);
  const middle = x - 1.5 * noise(0.03 * y + 7, 0.03 * z, 3.5);
  const joined = Math.max(0, -callosum);
  const fissure = Math.sqrt(middle * middle + joined * joined) - 0.7 - sulcusMm;
  const sylvian = sylvianDistance(across, y + 4 * noise(0.05 * x, 0.05 * y, 0.05 * z), z) - 0.6 - sulcusMm;
  const depth = smoothMin(smoothMin(-hullMm, fissure, 2), sylvian, 2);
  const core = { x: x < 0 ? -21 : 21, y: Math.max(-42, Math.min(40, y)), z: 0 };
  const [dx, dy, dz] = [x - core.x, y - core.y, z];
  const radius = Math.sqrt(dx * dx + dy * dy + dz * dz) + 1e-6;
  const toSurface = 50 / radius;
  const wander = 5 * noise(0.045 * x + 11, 0.045 * y, 0.045 * z);
  const [qx, qy, qz] = [
    core.x + dx * toSurface + wander,
    core.y + dy * toSurface - wander,
    dz * toSurface + 0.15 * depth,
  ];
  const squeeze = Math.min(1.3, 1 / toSurface);
  const sulcus = folds.distance(qx, qy, qz) * squeeze;
  const variation = noise(0.06 * x, 0.06 * y + 5, 0.06 * z);
  const reach = Math.min(sulcusDepthMm * (1 + 0.35 * variation), radius - 16);
  const width = sulcusMm * (0.75 + 0.5 * variation) * (1 - 0.5 * Math.min(1, Math.max(0, depth / sulcusDepthMm)));
  const below = Math.max(0, depth - reach);
  let pial = smoothMin(depth, Math.sqrt(sulcus * sulcus + below * below) - width, 1.5);
  const minorReach = Math.min(6 + 4 * variation, reach);
  if (depth < minorReach + 6) {
    const minor = minorFolds.distance(qx, qy, qz) * squeeze;
    const under = Math.max(0, depth - minorReach);
    pial = smoothMin(pial, Math.sqrt(minor * minor + under * under) - 0.6 * width, 1.5);
  }
  out.pialDepthMm = pial;
  out.hullDepthMm = depth;
  out.sulcusMm = sulcus;
  out.callosumMm = callosum;
}

const lateralVentricle: readonly Capsule[] = [
  [7, -33, 4, 3.6, 8, -8, 13, 4],
  [8, -8, 13, 4, 13, 18, 14, 4.6],
  [13, 18, 14, 4.6, 22, 32, 5, 6.2],
  [22, 32, 5, 6.2, 21, 52, 3, 2.6],
  [22, 32, 5, 5, 32, 10, -14, 2.6],
  [32, 10, -14, 2.6, 30, -8, -17, 1.8],
];
const choroidPlexus: readonly Capsule[] = [
  [15, 21, 10, 1.4, 22, 31, 1, 2.6],
  [22, 31, 1, 2.4, 28, 20, -8, 1],
];

/** Signed distance to ventricles and inner cisterns. */
export function ventricleDistance({ ventricles }: Subject, x: number, y: number, z: number): number {
  const across = Math.abs(x);
  let d = Math.min(
    ellipsoid(x, y, z, 0, 3, -4, 1.9 * ventricles, 13, 9),
    ellipsoid(x, y, z, 0, 28, -34, 5 * ventricles, 5, 8),
    ellipsoid(x, y, z, 0, -13, -24, 13, 9, 6),
  );
  for (const part of lateralVentricle) d = smoothMin(d, capsule(across, y, z, part) + part[3] * (1 - ventricles), 1.5);
  return d;
}

export function choroidDistance(x: number, y: number, z: number): number {
  const across = Math.abs(x);
  return Math.min(capsule(across, y, z, choroidPlexus[0]!), capsule(across, y, z, choroidPlexus[1]!));
}

/** Signed distance to thalamus, caudate and lentiform nucleus. */
export function deepGreyDistance(x: number, y: number, z: number): number {
  const across = Math.abs(x);
  return Math.min(
    ellipsoid(across, y, z, 10.5, 12, 0, 7.5, 14, 8.5),
    ellipsoid(across, y, z, 14, -20, 8, 5, 11, 8),
    ellipsoid(across, y - 0.2 * across, z, 24, -7, -1, 6.5, 16, 9),
  );
}

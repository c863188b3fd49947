import { ellipsoid, smoothMax, smoothMin } from './distance.ts';

/*
 * Model coordinates of the head, mm: x to the left, y to the back, z up, origin in the middle of the brain, between the
 * frontal horns and the thalami. All distances are negative inside.
 */

/** The big smooth surfaces at a point. */
export interface Hulls {
  /** Inner surface of skull and dura. */
  cavity: number;
  /** Cerebrum without its fissures and sulci. */
  cerebrum: number;
  cerebellum: number;
  stem: number;
  /** Height above the tentorium, which separates cerebrum and cerebellum. */
  tentorium: number;
}

/** Brain stem and upper spinal cord; also the middle of the foramen magnum. */
function stemDistance(x: number, y: number, z: number): number {
  const t = Math.min(1, Math.max(0, (-8 - z) / 60));
  const [cx, cy] = [x, y - (9 + 15 * t)];
  const below = z < -68 ? 0.1 * (-68 - z) : 0;
  const tube = Math.max(Math.sqrt(cx * cx + (cy - below) * (cy - below)) - (12.5 - 6.5 * t), z + 6);
  return smoothMin(tube, ellipsoid(x, y, z, 0, 8, -31, 15, 12, 13), 5);
}

/** Fills `out`. @param gapMm the fluid between brain and dura. */
export function hulls(x: number, y: number, z: number, gapMm: number, out: Hulls): void {
  // Narrower in front than behind, as heads are.
  const across = Math.abs(x * (1 - 0.0014 * (y - 15)));
  const vault = smoothMax(
    ellipsoid(across, y, z, 0, 0, 3, 69, 87, 69),
    -(z + 21 + 0.12 * (y + 40) + 0.4 * Math.max(0, y - 5)) - 0.006 * across * across + 6,
    16,
  );
  const middleFossa = ellipsoid(across, y, z, 38, -4, -24, 26, 37, 23);
  const posteriorFossa = ellipsoid(x, y, z, 0, 44, -35, 53, 37, 31);
  const stem = stemDistance(x, y, z);
  const upper = smoothMin(vault, middleFossa, 8);
  out.cavity = smoothMin(smoothMin(upper, posteriorFossa, 8), stem - 5.5, 6);
  // The tentorium is a tent: high in the middle, falling to the sides and, in front, steeply along the petrous bones.
  const front = Math.max(0, 14 - y);
  out.tentorium = z - (-5 - 0.2 * Math.abs(x) - 0.22 * (y - 30) - 3.2 * front);
  const inset = upper + gapMm;
  out.cerebrum = smoothMax(inset, 1.6 - out.tentorium, 3);
  out.cerebellum = smoothMax(
    smoothMax(ellipsoid(x, y, z, 0, 47, -34, 58, 40, 34), out.tentorium + 1.8, 5),
    out.cavity + gapMm,
    3,
  );
  out.stem = stem;
}

import type { PointLps } from '#core/domain/geometry.ts';
import type { Anatomy } from './anatomy.ts';
import { createRandom, type Random } from './random.ts';

/** A blood vessel as a chain of points in the head's frame, mm. */
export interface Vessel {
  readonly kind: 'artery' | 'vein';
  readonly points: readonly PointLps[];
  readonly radiiMm: readonly number[];
}

const add = (a: PointLps, b: PointLps, factor = 1): PointLps => [
  a[0] + factor * b[0],
  a[1] + factor * b[1],
  a[2] + factor * b[2],
];

function unit(a: PointLps): PointLps {
  const length = Math.hypot(...a) + 1e-12;
  return [a[0] / length, a[1] / length, a[2] / length];
}

/** The point of a ray at which the dura is `depthMm` ahead. */
function underDura(anatomy: Anatomy, from: PointLps, direction: PointLps, depthMm: number): PointLps {
  let [near, far] = [0, 160];
  for (let n = 0; n < 24; n++) {
    const middle = (near + far) / 2;
    if (anatomy.cavityMm(...add(from, direction, middle)) < -depthMm) near = middle;
    else far = middle;
  }
  return add(from, direction, near);
}

/** Radii that go evenly from one end's to the other's. */
function taper(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, n) => from + ((to - from) * n) / Math.max(1, count - 1));
}

const vein = (points: readonly PointLps[], from: number, to: number): Vessel => ({
  kind: 'vein',
  points,
  radiiMm: taper(points.length, from, to),
});
const artery = (points: readonly PointLps[], from: number, to: number): Vessel => ({
  kind: 'artery',
  points,
  radiiMm: taper(points.length, from, to),
});

function sinuses(anatomy: Anatomy): Vessel[] {
  const arc = (count: number, from: number, to: number): number[] =>
    taper(count, from, to).map((degrees) => (degrees * Math.PI) / 180);
  const sagittal = arc(40, 20, 186).map((a) =>
    underDura(anatomy, [0, 8, 0], unit([0, -Math.cos(a), Math.sin(a)]), 1.8),
  );
  const torcula = sagittal.at(-1)!;
  const sides = [-1, 1].map((side) => {
    const transverse = arc(18, 0, 108).map((a) =>
      underDura(anatomy, [0, 24, -16], unit([side * Math.sin(a), Math.cos(a), -0.1]), 2.2),
    );
    const sigmoid = taper(6, 0, 5).map((n): PointLps => {
      const last = transverse.at(-1)!;
      return underDura(anatomy, [0, 24, -20 - 5 * n], unit(add(last, [0, -24, 0])), 1.5);
    });
    return vein([torcula, ...transverse, ...sigmoid], 2.8, side > 0 ? 1.9 : 2.5);
  });
  const galen: PointLps = [0, 31, 8];
  return [
    vein(sagittal, 1.2, 3.8),
    ...sides,
    vein([galen, [0, 42, 7], [0, 56, 1], torcula], 1.9, 2.4),
    ...[-1, 1].map((side) => vein([[side * 2, -8, 8], [side * 2, 8, 9], [side * 1.5, 22, 9], galen], 0.7, 1.2)),
  ];
}

function greatArteries(random: Random): Vessel[] {
  const wobble = (p: PointLps): PointLps => add(p, [random.normal(), random.normal(), random.normal()], 0.8);
  const basilar: PointLps[] = [
    [0, 4, -66],
    [1, -3, -52],
    [0, -7, -38],
    [0, -7, -20],
    [0, -4, -15],
  ];
  const vessels = [artery(basilar.map(wobble), 1.7, 1.5)];
  for (const side of [-1, 1]) {
    const at = (x: number, y: number, z: number): PointLps => wobble([side * x, y, z]);
    const fork = at(11, -17, -19);
    vessels.push(
      artery([at(14, -2, -46), at(13, -10, -34), at(12, -20, -28), fork], 2.2, 1.9),
      artery([fork, at(20, -17, -17), at(30, -14, -12), at(37, -8, -8)], 1.5, 1.2),
      artery(
        [fork, at(2.2, -28, -15), at(2, -40, -4), at(2, -38, 12), at(2, -22, 25), at(2, 2, 29), at(2.5, 22, 26)],
        1.2,
        0.6,
      ),
      artery([[0, -4, -15], at(9, 2, -16), at(17, 18, -12), at(16, 36, -4), at(13, 52, 0)], 1.2, 0.6),
    );
    for (let n = 0; n < 4; n++) {
      const y = random.between(-20, 26);
      const points: PointLps[] = [at(37, -8, -8)];
      for (let step = 1; step <= 5; step++) {
        const along = -8 + ((y + 8) * step) / 5;
        points.push(at(37 + 3 * step, along, -9 - 0.22 * along + (n % 2 ? 1.2 : -1.2)));
      }
      vessels.push(artery(points, 1, 0.7));
    }
  }
  return vessels;
}

/** A vein that creeps over the brain towards the sagittal sinus. */
function bridgingVein(anatomy: Anatomy, random: Random): Vessel {
  const direction = unit([
    random.pick([-1, 1]) * random.between(0.45, 1),
    random.between(-1, 1),
    random.between(-0.1, 0.8),
  ]);
  const depth = random.between(0.8, 2.2);
  const points = [underDura(anatomy, [0, 0, 0], direction, depth)];
  let drift = random.between(-0.6, 0.6);
  for (let step = 0; step < 45 && Math.abs(points.at(-1)![0]) > 4; step++) {
    const last = points.at(-1)!;
    drift = 0.85 * drift + 0.35 * random.normal();
    const onward = unit([-last[0] * 0.03, drift, 0.7 - last[2] / 110]);
    points.push(underDura(anatomy, [0, 0, 0], unit(add(last, onward, 4)), depth));
  }
  return vein(points, random.between(0.4, 0.8), random.between(0.9, 1.6));
}

/** A small vessel that winds through one sulcus, down or along it; undefined if the walk leaves the cerebrum at once. */
function sulcalVessel(anatomy: Anatomy, random: Random): Vessel | undefined {
  const direction = unit([random.normal(), random.normal(), random.normal() * 0.8 + 0.2]);
  let point = underDura(anatomy, [0, 0, 0], direction, 3);
  let heading = unit(add([random.normal(), random.normal(), random.normal()], direction, -1.2));
  const points: PointLps[] = [];
  const steps = random.integer(6, 24);
  for (let step = 0; step < steps; step++) {
    for (let n = 0; n < 3; n++) point = towardsSheet(anatomy, point);
    const { sulcusMm, hullDepthMm, pialDepthMm } = anatomy.foldingAt(point);
    if (Math.abs(sulcusMm) > 2 || hullDepthMm < -1.5 || pialDepthMm > 3 || anatomy.brainMm(...point) > 1) break;
    points.push(point);
    if (hullDepthMm < 1.5) heading = unit(add(heading, direction, -0.8));
    if (hullDepthMm > 13) heading = unit(add(heading, direction, 0.8));
    heading = unit(add(heading, [random.normal(), random.normal(), random.normal()], 0.3));
    point = add(point, heading, 2.5);
  }
  if (points.length < 4) return undefined;
  const thick = random.between(0.6, 1.35);
  return { ...(random.next() < 0.5 ? artery : vein)(points, thick, thick * 0.6) };
}

function towardsSheet(anatomy: Anatomy, point: PointLps): PointLps {
  const here = anatomy.foldingAt(point).sulcusMm;
  const slope = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((axis) => anatomy.foldingAt(add(point, axis, 0.5)).sulcusMm - here) as unknown as PointLps;
  const square = (slope[0] ** 2 + slope[1] ** 2 + slope[2] ** 2) * 4 + 0.05;
  const step = Math.max(-1.5, Math.min(1.5, here / Math.sqrt(square)));
  return add(point, unit(slope), -step);
}

/** A straight thin vein through white matter towards a ventricle. */
function medullaryVein(random: Random): Vessel {
  const side = random.pick([-1, 1]);
  const y = random.between(-30, 35);
  const from: PointLps = [side * random.between(9, 14), y, random.between(14, 20)];
  const to: PointLps = add(from, [side * random.between(6, 22), random.between(-6, 6), random.between(4, 22)]);
  const middle = add(add(from, to), [random.normal(), random.normal(), random.normal()], 1.5);
  return vein([from, [middle[0] / 2, middle[1] / 2, middle[2] / 2], to], 0.75, 0.4);
}

/** All vessels of a head. Blood in the dural sinuses and veins is 'vein', in arteries 'artery'. */
export function growVessels(seed: number, anatomy: Anatomy): Vessel[] {
  const random = createRandom(seed, 'vessels');
  const vessels = [...sinuses(anatomy), ...greatArteries(random)];
  const count = random.integer(18, 26);
  for (let n = 0; n < count; n++) vessels.push(bridgingVein(anatomy, random));
  const small = random.integer(85, 120);
  for (let n = 0; n < small; n++) {
    const vessel = sulcalVessel(anatomy, random);
    if (vessel) vessels.push(vessel);
  }
  for (let n = random.integer(4, 9); n > 0; n--) vessels.push(medullaryVein(random));
  return vessels;
}

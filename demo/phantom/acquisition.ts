import { type Grid, invertAffine, type Matrix4, multiply, type PointLps } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { createRandom, type Random } from './random.ts';

export interface MotionLimits {
  readonly degrees: number;
  readonly mm: number;
}

/** How one series was acquired. */
export interface Acquisition {
  readonly sequence: Sequence;
  readonly grid: Grid;
  /** LPS of BRAVO, mm, to LPS of this series, mm, of the same anatomy; rigid. The identity for BRAVO. */
  readonly refToSeries: Matrix4;
  /** LPS of this series, mm, to the head's own frame, mm. */
  readonly toHead: Matrix4;
}

/** Rigid: a rotation by `degrees` about an axis through `centre`, then a shift. */
export function rigid(axis: PointLps, degrees: number, centre: PointLps, shift: PointLps): Matrix4 {
  const length = Math.hypot(...axis);
  const [x, y, z] = [axis[0] / length, axis[1] / length, axis[2] / length];
  const angle = (degrees * Math.PI) / 180;
  const [c, s, t] = [Math.cos(angle), Math.sin(angle), 1 - Math.cos(angle)];
  const r = [
    [t * x * x + c, t * x * y - s * z, t * x * z + s * y],
    [t * x * y + s * z, t * y * y + c, t * y * z - s * x],
    [t * x * z - s * y, t * y * z + s * x, t * z * z + c],
  ];
  const rows = r.map((row, n) => {
    const turned = row[0]! * centre[0] + row[1]! * centre[1] + row[2]! * centre[2];
    return [...row, centre[n]! - turned + shift[n]!];
  });
  return [...rows.flat(), 0, 0, 0, 1];
}

/** A random rigid motion about `centre`: at most so many degrees in all, and the centre moves at most so many mm. */
function randomMotion(random: Random, { degrees, mm }: MotionLimits, centre: PointLps): Matrix4 {
  const axis: PointLps = [random.normal(), random.normal(), random.normal()];
  const way: PointLps = [random.normal(), random.normal(), random.normal()];
  const length = random.between(0.25, 1) * mm;
  const scale = length / Math.hypot(...way);
  return rigid(axis, random.between(0.25, 1) * degrees, centre, [way[0] * scale, way[1] * scale, way[2] * scale]);
}

/** A grid around `centre` with orthonormal axes along columns, rows and slices. */
function gridAround(
  centre: PointLps,
  size: Grid['size'],
  spacing: PointLps,
  axes: readonly [PointLps, PointLps, PointLps],
): Grid {
  const m: number[] = [];
  for (let row = 0; row < 3; row++) {
    const step = axes.map((axis, n) => axis[row]! * spacing[n]!);
    const corner = centre[row]! - step.reduce((sum, s, n) => sum + (s * (size[n]! - 1)) / 2, 0);
    m.push(...step, corner);
  }
  return { size, indexToLps: [...m, 0, 0, 0, 1] };
}

/** Turns the axes of a plane slightly, as a technician tilts it. */
function tilted(axes: readonly [PointLps, PointLps, PointLps], degrees: number): [PointLps, PointLps, PointLps] {
  const m = rigid([0.3, 0.4, 1], degrees, [0, 0, 0], [0, 0, 0]);
  const turn = ([x, y, z]: PointLps): PointLps => [
    m[0]! * x + m[1]! * y + m[2]! * z,
    m[4]! * x + m[5]! * y + m[6]! * z,
    m[8]! * x + m[9]! * y + m[10]! * z,
  ];
  return [turn(axes[0]), turn(axes[1]), turn(axes[2])];
}

/**
 * Geometry of the four series of a study. BRAVO is axial over 240 mm, `size` pixels wide; the others are sagittal.
 * Slices are as thick as pixels are wide, but at least 1 mm (FLAIR: a fifth thicker).
 */
export function planAcquisitions(seed: number, size: number, limits: MotionLimits): Acquisition[] {
  const random = createRandom(seed, 'acquisition');
  const isocentre: PointLps = [random.between(-6, 6), random.between(-8, 8), random.between(-15, 15)];
  const pose = rigid([random.normal(), random.normal(), random.normal()], random.between(1, 5), [0, 0, 0], isocentre);
  const refToHead = invertAffine(pose);
  const pixelMm = 240 / size;
  const sliceMm = Math.max(1, pixelMm);
  const axial = gridAround(
    [isocentre[0], isocentre[1] - 7, isocentre[2] + 11],
    [size, size, Math.round(160 / sliceMm)],
    [pixelMm, pixelMm, sliceMm],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  );
  const sagittal: readonly [PointLps, PointLps, PointLps] = [
    [0, 1, 0],
    [0, 0, -1],
    [-1, 0, 0],
  ];
  const planes = { T1_PRE: sagittal, T1_POST: sagittal, FLAIR: tilted(sagittal, random.between(-5, 5)) };
  const others = (['T1_PRE', 'T1_POST', 'FLAIR'] as const).map((sequence): Acquisition => {
    const refToSeries = randomMotion(random, limits, isocentre);
    const thick = sequence === 'FLAIR' ? 1.2 * sliceMm : sliceMm;
    const centre: PointLps = [
      isocentre[0] + random.between(-2, 2),
      isocentre[1] - 7 + random.between(-3, 3),
      isocentre[2] - 28 + random.between(-4, 4),
    ];
    const grid = gridAround(centre, [size, size, Math.round(184 / thick)], [pixelMm, pixelMm, thick], planes[sequence]);
    return { sequence, grid, refToSeries, toHead: multiply(refToHead, invertAffine(refToSeries)) };
  });
  const identity: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return [
    others[0]!,
    others[1]!,
    { sequence: 'BRAVO', grid: axial, refToSeries: identity, toHead: refToHead },
    others[2]!,
  ];
}

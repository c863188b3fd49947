import {
  type Grid,
  invertAffine,
  type LabelVolume,
  type Matrix4,
  multiply,
  type PointLps,
  transformPoint,
  type Volume,
  voxelCount,
} from '#core/domain/geometry.ts';
import type { LesionGroup } from '#core/domain/lesion.ts';
import { lesionGroup } from '#core/domain/lesion.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { type Acquisition, type MotionLimits, planAcquisitions } from './acquisition.ts';
import { type Anatomy, createAnatomy } from './anatomy.ts';
import { drawLesionCount, type LesionModel, seedLesions } from './lesions.ts';
import { labelLesions } from './overlay.ts';
import { type Head, scan } from './scan.ts';
import { createSubject } from './subject.ts';
import { growVessels, type Vessel } from './vessels.ts';

export interface PhantomOptions {
  readonly seed: number;
  /** Pixels along an edge of BRAVO, 48 to 256, over 240 mm. */
  readonly size: number;
  /** Exactly so many lesions; else as `group`; else drawn. */
  readonly lesionCount?: number;
  readonly group?: LesionGroup;
  /** How far the head moves between BRAVO and each other series; 6 degrees and 6 mm by default. */
  readonly motion?: MotionLimits;
}

export interface PhantomSeries {
  readonly sequence: Sequence;
  readonly volume: Volume<Int16Array<ArrayBuffer>>;
}

export interface PhantomLesion {
  /** Its value in the label volume. */
  readonly number: number;
  readonly kind: LesionModel['kind'];
  readonly centreLps: PointLps;
  readonly diametersMm: PointLps;
  readonly oedemaMm: number;
}

/** What really is in a phantom. Only the demo and tests may read it. */
export interface PhantomTruth {
  readonly group: LesionGroup;
  /** On the grid of BRAVO. */
  readonly labels: LabelVolume;
  /** Brain with its sulci and ventricles, 0 or 1, on the grid of BRAVO. */
  readonly brainMask: Volume<Uint8Array<ArrayBuffer>>;
  readonly lesions: readonly PhantomLesion[];
  /** LPS mm of BRAVO to LPS mm of each series, of the same anatomy. */
  readonly refToSeries: Readonly<Record<Sequence, Matrix4>>;
  /** Points of vessels inside the brain, LPS mm of BRAVO, that a reader might take for a lesion. */
  readonly mimics: readonly PointLps[];
}

export interface Phantom {
  readonly seed: number;
  readonly size: number;
  readonly ageYears: number;
  readonly sex: 'F' | 'M';
  readonly series: readonly PhantomSeries[];
  readonly truth: PhantomTruth;
}

/**
 * A made-up patient with brain metastases, scanned in four series. The same options give the same phantom, byte for byte.
 * @throws RangeError if the size or the number of lesions is out of bounds.
 */
export function generatePhantom(options: PhantomOptions): Phantom {
  const { seed, size, motion = { degrees: 6, mm: 6 } } = options;
  if (!Number.isInteger(size) || size < 48 || size > 256)
    throw new RangeError(`A phantom's size is a whole number of pixels from 48 to 256, not ${size}.`);
  const count = options.lesionCount ?? drawLesionCount(seed, options.group);
  if (!Number.isInteger(count) || count < 0 || count > 40)
    throw new RangeError(`A phantom has 0 to 40 lesions, not ${count}.`);
  if (options.group !== undefined && lesionGroup(count) !== options.group)
    throw new RangeError(`${count} lesions are not in the group ${options.group}; leave one of the two out.`);
  const acquisitions = planAcquisitions(seed, size, motion);
  const reference = acquisitions.find(({ sequence }) => sequence === 'BRAVO')!;
  const subject = createSubject(seed);
  const anatomy = createAnatomy(subject);
  const lesions = seedLesions(seed, count, { anatomy, noise: subject.noise, ...reference });
  const head: Head = { subject, anatomy, lesions, vessels: growVessels(seed, anatomy) };
  return {
    seed,
    size,
    ageYears: subject.ageYears,
    sex: subject.sex,
    series: acquisitions.map((acquisition) => ({
      sequence: acquisition.sequence,
      volume: scan(seed, head, acquisition),
    })),
    truth: describe(head, acquisitions, reference),
  };
}

function describe(head: Head, acquisitions: readonly Acquisition[], reference: Acquisition): PhantomTruth {
  const { anatomy, lesions, subject } = head;
  const { grid, toHead } = reference;
  const toLps = invertAffine(toHead);
  return {
    group: lesionGroup(lesions.length),
    labels: { grid, data: labelLesions(reference, lesions, subject.noise) },
    brainMask: { grid, data: maskBrain(anatomy, grid, toHead) },
    lesions: lesions.map(({ kind, centre, radiiMm: [rx, ry, rz], oedemaMm }, n) => ({
      number: n + 1,
      kind,
      centreLps: transformPoint(toLps, centre),
      diametersMm: [2 * rx, 2 * ry, 2 * rz],
      oedemaMm,
    })),
    refToSeries: Object.fromEntries(acquisitions.map(({ sequence, refToSeries }) => [sequence, refToSeries])) as Record<
      Sequence,
      Matrix4
    >,
    mimics: findMimics(anatomy, head.vessels, lesions).map((point) => transformPoint(toLps, point)),
  };
}

function maskBrain(anatomy: Anatomy, grid: Grid, toHead: Matrix4): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(voxelCount(grid));
  const m = multiply(toHead, grid.indexToLps);
  const [columns, rows, slices] = grid.size;
  let voxel = 0;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, voxel++) {
        const [x, y, z] = transformPoint(m, [i, j, k]);
        if (x * x + y * y < 14000 && z < 90 && anatomy.brainMm(x, y, z) <= 0) mask[voxel] = 1;
      }
  return mask;
}

/** Middles of vessels that lie deep enough to be taken for a lesion and far enough from any. */
function findMimics(anatomy: Anatomy, vessels: readonly Vessel[], lesions: readonly LesionModel[]): PointLps[] {
  return vessels
    .map(({ points }) => points[Math.floor(points.length / 2)]!)
    .filter((point) => anatomy.brainMm(...point) < -2)
    .filter((point) =>
      lesions.every(
        ({ centre, radiiMm }) =>
          Math.hypot(point[0] - centre[0], point[1] - centre[1], point[2] - centre[2]) > Math.max(...radiiMm) + 10,
      ),
    );
}

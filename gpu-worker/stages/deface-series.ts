import { blankPixels } from '#core/dicom/blank-pixels.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { toDicomJson } from '#core/dicom/dicom-json.ts';
import { headerOf } from '#core/dicom/header.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { type MrFrame, type MrInstance, readMrInstance } from '#core/dicom/read.ts';
import { type Grid, invertAffine, type Matrix4, type Volume } from '#core/domain/geometry.ts';
import type { SeriesId, StudyId } from '#core/domain/ids.ts';
import { defaultPreparationPlan as plan } from '#core/domain/preparation-plan.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { quarantineKey } from '#core/storage/keys.ts';
import { ObjectCorrupt } from '#core/storage/object-store.ts';
import { AssemblyError, assembleSeries } from '#core/volume/assemble.ts';
import type { JobContext } from '../jobs/stage.ts';
import { defacingVersion, likelyBrain } from '../volume/face-region.ts';
import type { DefacingSteps } from '../volume/preparation-steps.ts';
import { RegistrationError, registrationPlausible } from '../volume/registration.ts';
import { resample } from '../volume/resample.ts';
import type { ImageToGive, SeriesToDeface, StudyImage, StudyToDeface } from './deface-store.ts';
import { loadObject, storeObject } from './store-object.ts';

export interface GivenImage extends ImageToGive {
  /** True if anything was removed from it. */
  readonly changed: boolean;
}

/** Where the head of a study has its face, in the space of one of its series. */
export interface Face {
  readonly reference: SeriesToDeface;
  readonly volume: Volume;
  readonly brain: Volume<Uint8Array>;
  readonly region: Volume<Uint8Array>;
}

const identity: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
/** BET's threshold f: that of preparation, and larger ones, which leak less where a face and a neck are in view. */
const brainFractions = [plan.brainMaskFraction, 0.4, 0.5];
/** Where BET finds the brain most surely, first. */
const preference = ['T1_PRE', 'BRAVO', 'T1_POST', 'FLAIR', 'OTHER'] as const;

/** @throws JobFailure HASH_MISMATCH */
export async function originalOf(
  { objects, tenantId }: JobContext,
  studyId: StudyId,
  { sha256, withheld }: StudyImage,
): Promise<Uint8Array> {
  if (!withheld) return loadObject(objects, tenantId, sha256, 'A stored image');
  try {
    return await objects.getVerified(quarantineKey(tenantId, studyId, sha256), sha256);
  } catch (cause) {
    if (!(cause instanceof ObjectCorrupt)) throw cause;
    throw new JobFailure('HASH_MISMATCH', 'A withheld image does not have its recorded hash any more.', { cause });
  }
}

interface LoadedImage {
  readonly image: StudyImage;
  readonly bytes: Uint8Array;
  readonly read: MrInstance;
}

async function loadSeries(context: JobContext, studyId: StudyId, series: SeriesToDeface): Promise<LoadedImage[]> {
  const loaded: LoadedImage[] = [];
  for (const image of series.images) {
    const bytes = await originalOf(context, studyId, image);
    loaded.push({ image, bytes, read: unlessUnreadable(series, () => readMrInstance(bytes)) });
  }
  return loaded;
}

const nameOf = ({ number, role }: SeriesToDeface): string =>
  `series ${number ?? 'without a number'}${role === 'OTHER' ? '' : ` (${role})`}`;

function unlessUnreadable<T>(series: SeriesToDeface, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DicomError)) throw cause;
    throw new JobFailure('BAD_INPUT', `The face cannot be removed from ${nameOf(series)}: ${cause.message}`, { cause });
  }
}

/** The series as a volume; undefined if it is none, such as a localizer of three planes. */
function volumeOf(images: readonly LoadedImage[]): Volume | undefined {
  const slices = images.flatMap(({ read: { frames, sopInstanceUid, rows, columns } }) =>
    frames.map(({ rescale, ...frame }) => ({
      ...{ ...frame, sopInstanceUid, rows, columns },
      ...{ rescaleSlope: rescale.slope, rescaleIntercept: rescale.intercept },
    })),
  );
  try {
    return assembleSeries(slices);
  } catch (error) {
    if (error instanceof AssemblyError) return undefined;
    throw error;
  }
}

/**
 * Finds the brain in the first series in which it can be found, and by it the face.
 * @throws JobFailure EMPTY_BRAIN_MASK if no series shows a brain of a likely volume: then nothing may be cut
 */
export async function findFace(context: JobContext, steps: DefacingSteps, study: StudyToDeface): Promise<Face> {
  const tried: string[] = [];
  for (const role of preference)
    for (const reference of study.series.filter((series) => series.role === role)) {
      await context.progress({ step: `find the face in ${nameOf(reference)}`, fraction: 0.02 });
      const volume = volumeOf(await loadSeries(context, study.studyId, reference));
      if (!volume) continue;
      for (const fraction of brainFractions) {
        const brain = await steps.brainMask(volume, fraction).catch((error: unknown) => {
          if (!(error instanceof RangeError)) throw error;
          return undefined;
        });
        if (brain && likelyBrain(brain)) return { reference, volume, brain, region: await steps.faceRegion(brain) };
      }
      tried.push(nameOf(reference));
    }
  throw new JobFailure(
    'EMPTY_BRAIN_MASK',
    `No series shows a brain of a likely volume, so that it cannot be told where the face is (${tried.join(', ') || 'none is a volume'}).`,
  );
}

/**
 * The withheld images of a series without face and ears, stored.
 * @throws JobFailure if it cannot be told where the face is in it, or a copy does not hold what it must
 */
export async function defaceSeries(
  context: JobContext,
  steps: DefacingSteps,
  studyId: StudyId,
  series: SeriesToDeface,
  face: Face,
): Promise<GivenImage[]> {
  const images = await loadSeries(context, studyId, series);
  const toReference = await seriesToReference(steps, series, images, face);
  // One value for the whole series: the darkest, which tells nothing of what was there.
  const value = images.reduce((least, { read }) => Math.min(least, darkest(read)), Number.POSITIVE_INFINITY);
  const given: GivenImage[] = [];
  for (const { image, bytes, read } of images.filter((one) => one.image.withheld)) {
    const cut = read.frames.map((frame) => resample(face.region, gridOf(read, frame), toReference, 'nearest').data);
    const { bytes: copy, blanked } = unlessUnreadable(series, () =>
      blankPixels(bytes, (frame) => cut[frame]!, {
        value,
        method: `Metloop removal of face and ears ${defacingVersion}`,
      }),
    );
    checkCopy(series, read, readMrInstance(copy), cut, value);
    checkBrain(series, read, cut, face, toReference);
    given.push({ ...(await storeGiven(context, image.seriesId, copy)), changed: blanked > 0 });
  }
  return given;
}

/** A point of the series, LPS mm, to the same anatomy in the reference. @throws JobFailure BAD_INPUT if nothing tells it */
async function seriesToReference(
  steps: DefacingSteps,
  series: SeriesToDeface,
  images: readonly LoadedImage[],
  { reference, volume: fixed }: Face,
): Promise<Matrix4> {
  if (series.id === reference.id) return identity;
  const moving = volumeOf(images);
  if (moving) {
    const registration = await steps
      .register(fixed, moving, { seed: plan.registrationSeed })
      .catch((error: unknown) => {
        if (!(error instanceof RegistrationError)) throw error;
        return undefined;
      });
    if (registration && registrationPlausible(registration, plan.registrationGates))
      return invertAffine(registration.matrix);
  }
  // Scanner coordinates, between which the patient can have moved by little: the region is wide.
  const frame = series.frameOfReferenceUid;
  if (frame !== null && frame === reference.frameOfReferenceUid) return identity;
  throw new JobFailure(
    'BAD_INPUT',
    `It cannot be told where the face is in ${nameOf(series)}: it neither lies on ${nameOf(reference)} by its image nor shares its frame of reference.`,
  );
}

function darkest({ frames }: MrInstance): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { pixels } of frames) for (const value of pixels) least = Math.min(least, value);
  return least;
}

/** One slice, as a frame says where it lies. */
function gridOf({ rows, columns }: MrInstance, frame: MrFrame): Grid {
  const {
    pixelSpacingMm: [betweenRows, betweenColumns],
    imagePosition: p,
    sliceThicknessMm: thickness = 1,
  } = frame;
  const [ax, ay, az, bx, by, bz] = frame.imageOrientation;
  const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx] as const;
  const row = (along: number, down: number, axis: 0 | 1 | 2): number[] => [
    ...[along * betweenColumns, down * betweenRows, normal[axis] * thickness, p[axis]],
  ];
  return {
    size: [columns, rows, 1],
    indexToLps: [...row(ax, bx, 0), ...row(ay, by, 1), ...row(az, bz, 2), 0, 0, 0, 1],
  };
}

/** The copy, read back, holds the value where it was cut and elsewhere what the original holds. @throws JobFailure INTERNAL */
function checkCopy(
  series: SeriesToDeface,
  original: MrInstance,
  copy: MrInstance,
  cut: readonly Uint8Array[],
  value: number,
): void {
  const same = original.frames.every(({ pixels }, n) => {
    const after = copy.frames[n]?.pixels;
    return (
      after?.length === pixels.length && pixels.every((before, at) => after[at] === (cut[n]![at] ? value : before))
    );
  });
  if (!same || copy.frames.length !== original.frames.length || copy.sopInstanceUid !== original.sopInstanceUid)
    throw new JobFailure('INTERNAL', `A copy of ${nameOf(series)} without a face does not hold what it must.`);
}

/** @throws JobFailure BAD_INPUT if a voxel of the brain was to be cut */
function checkBrain(
  series: SeriesToDeface,
  read: MrInstance,
  cut: readonly Uint8Array[],
  { brain }: Face,
  toReference: Matrix4,
): void {
  for (const [n, frame] of read.frames.entries()) {
    const inside = resample(brain, gridOf(read, frame), toReference, 'nearest').data;
    if (inside.some((one, at) => one === 1 && cut[n]![at] === 1))
      throw new JobFailure('BAD_INPUT', `The face of ${nameOf(series)} would take a part of the brain with it.`);
  }
}

/** Stores an image by its content, and tells what its row holds. */
export async function storeGiven(
  { objects, tenantId }: JobContext,
  seriesId: SeriesId,
  bytes: Uint8Array,
): Promise<ImageToGive> {
  const { dataset, transferSyntaxUid } = parsePart10(bytes);
  const header = headerOf(dataset, transferSyntaxUid);
  return {
    seriesId,
    sopInstanceUid: header.sopInstanceUid,
    sopClassUid: header.sopClassUid,
    transferSyntaxUid,
    instanceNumber: header.instanceNumber ?? null,
    frameCount: header.numberOfFrames,
    sha256: await storeObject(objects, tenantId, bytes),
    sizeBytes: bytes.length,
    metadata: toDicomJson(dataset),
  };
}

import type { ObjectIdentity, SourceSeries } from '#core/dicom/derived-series.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { readSeg, readSegReferences } from '#core/dicom/read-seg.ts';
import { readSegGrid } from '#core/dicom/read-seg-grid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import { DomainError } from '#core/domain/errors.ts';
import { type Grid, spacingMm, voxelCount } from '#core/domain/geometry.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import { decodeLabel, encodeLabel } from '#core/label/label-file.ts';
import { measureLesions } from '#core/label/measure.ts';
import { labelComponents, segmentVoxelCounts } from '#core/label/relabel.ts';
import { type ResampledSegment, type ResamplingRule, resampleLabel } from '#core/label/resample-label.ts';
import { decodeVolumeFile, encodeVolumeFile } from '#core/volume-file.ts';
import type { CountedSegment } from './count.ts';

/** A label as it will be stored. */
export interface LabelFile {
  /** A volume file (core/volume-file.ts) with the array `label`. */
  readonly bytes: Uint8Array;
  readonly segments: readonly CountedSegment[];
  /** The study that the SEG says it belongs to; null without a SEG. */
  readonly studyInstanceUid: string | null;
  /** Undefined if the SEG lies on the grid. */
  readonly resampled?: Resampled;
}

/** How a label that lay on another grid was brought onto BRAVO's. */
export interface Resampled {
  readonly rule: ResamplingRule;
  /** Of the grid that the SEG was sent on. */
  readonly size: Grid['size'];
  readonly spacingMm: readonly [number, number, number];
  /** Segments of the label, numbered without gaps. */
  readonly segments: readonly (ResampledSegment & { readonly sentNumber: number })[];
  /** The label as a SEG on BRAVO's grid. */
  readonly seg: Uint8Array;
}

/** Asks for a SEG on another grid of BRAVO's frame of reference to be brought onto BRAVO's; the source is BRAVO. */
export interface ResampleRequest {
  readonly source: SourceSeries;
  readonly identity: ObjectIdentity;
}

/** Why a SEG is no label on the grid. */
export interface Refusal {
  readonly code: 'GRID_MISMATCH' | 'LABEL_UNREADABLE';
  readonly message: string;
}

/**
 * @param seg A SEG as it was sent; null for a label without a lesion.
 * @param resample left out, one that lies on another grid is refused
 */
export function labelFile(seg: Uint8Array | null, grid: Grid, resample?: ResampleRequest): LabelFile | Refusal {
  if (!seg) {
    const label = new Uint16Array(voxelCount(grid));
    return { bytes: encodeVolumeFile({ grid, arrays: { label } }), segments: [], studyInstanceUid: null };
  }
  try {
    const { label, segments, studyInstanceUid } = readSeg(seg, grid);
    const bytes = encodeVolumeFile({ grid, arrays: { label: label.data } });
    return {
      bytes,
      segments: segments.map(({ number, voxelCount: count }) => ({ number, voxelCount: count })),
      studyInstanceUid,
    };
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    if (error.code !== 'GRID_MISMATCH') return { code: 'LABEL_UNREADABLE', message: error.message };
    return resample ? resampledFile(seg, grid, resample, error.message) : { code: error.code, message: error.message };
  }
}

function resampledFile(
  sent: Uint8Array,
  grid: Grid,
  { source, identity }: ResampleRequest,
  difference: string,
): LabelFile | Refusal {
  try {
    const { frameOfReferenceUid } = readSegReferences(sent);
    if (!frameOfReferenceUid || frameOfReferenceUid !== source.frameOfReferenceUid)
      return {
        code: 'GRID_MISMATCH',
        message: `${difference} Its frame of reference is another than BRAVO's, so that it cannot be resampled.`,
      };
    const own = readSegGrid(sent);
    const { label, segments, studyInstanceUid } = readSeg(sent, own);
    const { label: onGrid, rule, segments: became } = resampleLabel(label, grid);
    const numbers = new Map(became.map(({ number }, n) => [number, n + 1]));
    const data = onGrid.data.map((value) => numbers.get(value) ?? 0);
    const described = new Map(segments.map((segment) => [segment.number, segment]));
    const kept = became.map(({ number, ...counts }) => ({
      ...counts,
      sentNumber: number,
      number: numbers.get(number)!,
    }));
    const written = kept.map(({ sentNumber, number }) => {
      const { label: text, algorithmType, algorithmName } = described.get(sentNumber)!;
      const name = algorithmType === 'MANUAL' ? algorithmName : (algorithmName ?? 'unknown');
      return { number, label: text || `Metastasis ${number}`, algorithmType, algorithmName: name };
    });
    return {
      bytes: encodeVolumeFile({ grid, arrays: { label: data } }),
      segments: segments.map(({ number, voxelCount: count }) => ({ number, voxelCount: count })),
      studyInstanceUid,
      resampled: {
        ...{ rule, size: own.size, spacingMm: spacingMm(own), segments: kept },
        seg: writeSeg({ label: { grid, data }, source, segments: written, identity }),
      },
    };
  } catch (error) {
    if (error instanceof DomainError) return { code: 'GRID_MISMATCH', message: error.message };
    if (!(error instanceof DicomError)) throw error;
    return { code: error.code === 'GRID_MISMATCH' ? error.code : 'LABEL_UNREADABLE', message: error.message };
  }
}

export interface DraftRequest {
  /** A version's answer; null where it found nothing. */
  readonly seg: Uint8Array | null;
  readonly grid: Grid;
  readonly source: SourceSeries;
  readonly identity: ObjectIdentity;
}

/** A label file with what a version found, and the same as a SEG of another identity; null without a lesion. */
export function draftFile({ seg, grid, source, identity }: DraftRequest): {
  readonly label: Uint8Array;
  readonly seg: Uint8Array | null;
} {
  const file = labelFile(seg, grid);
  if ('code' in file) throw new Error(`the answer cannot be drawn from: ${file.message}`);
  if (file.segments.length === 0) return { label: file.bytes, seg: null };
  const segments = file.segments.map(({ number }) => ({
    number,
    label: `Metastasis ${number}`,
    algorithmType: 'AUTOMATIC' as const,
    algorithmName: identity.softwareVersion,
  }));
  const label = decodeLabel(file.bytes);
  return { label: file.bytes, seg: writeSeg({ label, source, segments, identity }) };
}

export interface AdoptRequest {
  /** A label file. */
  readonly label: Uint8Array;
  /** Null for a label without a lesion. */
  readonly source: SourceSeries | null;
  readonly identity: ObjectIdentity;
  /** What the outlines were begun with; null where they were drawn by hand. */
  readonly program: string | null;
}

export interface AdoptedLabel {
  readonly label: Uint8Array;
  readonly seg: Uint8Array | null;
  readonly segments: readonly CountedSegment[];
}

/** A label as ground truth: each of its 26-connected components is a lesion, in the label file and in its SEG. */
export function adoptFile({ label: bytes, source, identity, program }: AdoptRequest): AdoptedLabel {
  const label = labelComponents(decodeLabel(bytes));
  const segments = [...segmentVoxelCounts(label)].map(([number, count]) => ({ number, voxelCount: count }));
  const described = segments.map(({ number }) => ({
    number,
    label: `Metastasis ${number}`,
    ...(program
      ? { algorithmType: 'SEMIAUTOMATIC' as const, algorithmName: program.slice(0, 64) }
      : { algorithmType: 'MANUAL' as const }),
  }));
  const seg = source && segments.length > 0 ? writeSeg({ label, source, segments: described, identity }) : null;
  return { label: encodeLabel(label), seg, segments };
}

/** Counts and measures what a label file holds. @throws VolumeFileError */
export function measureLabelFile(bytes: Uint8Array): LesionMeasure[] {
  const { grid, arrays } = decodeVolumeFile(bytes);
  if (!(arrays.label instanceof Uint16Array)) throw new TypeError('a label file without the array "label" of U16');
  return measureLesions({ grid, data: arrays.label });
}

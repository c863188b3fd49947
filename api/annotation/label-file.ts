import type { ObjectIdentity, SourceSeries } from '#core/dicom/derived-series.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { readSeg } from '#core/dicom/read-seg.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import { type Grid, voxelCount } from '#core/domain/geometry.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import { decodeLabel, encodeLabel } from '#core/label/label-file.ts';
import { measureLesions } from '#core/label/measure.ts';
import { labelComponents, segmentVoxelCounts } from '#core/label/relabel.ts';
import { decodeVolumeFile, encodeVolumeFile } from '#core/volume-file.ts';
import type { CountedSegment } from './count.ts';

/** A label as it will be stored. */
export interface LabelFile {
  /** A volume file (core/volume-file.ts) with the array `label`. */
  readonly bytes: Uint8Array;
  readonly segments: readonly CountedSegment[];
  /** The study that the SEG says it belongs to; null without a SEG. */
  readonly studyInstanceUid: string | null;
}

/** Why a SEG is no label on the grid. */
export interface Refusal {
  readonly code: 'GRID_MISMATCH' | 'LABEL_UNREADABLE';
  readonly message: string;
}

/** @param seg A SEG as it was sent; null for a label without a lesion. */
export function labelFile(seg: Uint8Array | null, grid: Grid): LabelFile | Refusal {
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
    return { code: error.code === 'GRID_MISMATCH' ? 'GRID_MISMATCH' : 'LABEL_UNREADABLE', message: error.message };
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

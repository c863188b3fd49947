import type { SeriesParameters } from '#core/dicom/sequence-role.ts';
import type { Subset } from '#core/domain/dataset-split.ts';
import type { Grid } from '#core/domain/geometry.ts';
import type { LesionGroup } from '#core/domain/lesion.ts';
import type { Sequence } from '#core/domain/sequence.ts';

export const exportFormats = ['BIDS', 'NNUNET', 'DICOM_SEG'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What files tell of the dataset. */
export interface ExportedDataset {
  readonly id: string;
  readonly name: string;
  /** Of the dataset's own manifest. */
  readonly manifestSha256: string;
  readonly frozenAt: Date;
}

/** A labelled study as the dataset has it; people are named by pseudonyms, sites by ids. */
export interface ExportedStudy {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  readonly siteId: string;
  /** Letters and digits. */
  readonly subject: string;
  /** Two digits or more, counted from 01 by date among the patient's studies of the dataset. */
  readonly session: string;
  readonly sex: string | null;
  readonly ageYears: number | null;
  /** Since the patient's first study of the dataset, as de-identification keeps intervals; null where a date is missing. */
  readonly daysSinceFirst: number | null;
  readonly subset: Subset;
  readonly lesionGroup: LesionGroup;
  readonly revisionId: string;
  readonly preparationId: string;
  readonly labelSha256: string;
  /** Null without a lesion: a SEG cannot be empty. */
  readonly segSha256: string | null;
  readonly lesionCount: number;
  /** BRAVO as acquired, on which the label lies. */
  readonly bravoGrid: Grid;
}

/** A series with its files in the order of their numbers. */
export interface ExportedSeries {
  readonly role: Sequence;
  readonly seriesInstanceUid: string;
  readonly parameters: Partial<SeriesParameters>;
  readonly sha256s: readonly string[];
  /** Its co-registered copy on BRAVO's grid, made by the case's own preparation; of BRAVO its own files. */
  readonly onBravoSha256s: readonly string[];
}

export interface ExportedLesion {
  /** Its value in the label. */
  readonly number: number;
  readonly volumeMm3: number;
  readonly longestDiameterMm: number;
}

/** How a label came about, without a name. */
export interface Provenance {
  readonly readerCount: number;
  readonly adjudicated: boolean;
  /** True if a read began as what a version had found. */
  readonly assisted: boolean;
  /** The data set that the label came with, in which nobody here has read; null for a label of readers. */
  readonly importedFrom: string | null;
}

export interface ExportedCase extends ExportedStudy {
  /** In channel order; BRAVO is among them. */
  readonly series: readonly ExportedSeries[];
  readonly lesions: readonly ExportedLesion[];
  readonly provenance: Provenance;
}

/** A file of an archive. */
export interface ExportFile {
  /** Below the archive's top folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** False where the bytes are packed already. */
  readonly compress: boolean;
}

/** Where layouts get what they lay out. */
export interface Contents {
  readonly dataset: ExportedDataset;
  /** Case by case, in order; those are passed over whose files are gone, as of a withdrawn study. */
  cases(): AsyncIterable<ExportedCase>;
  /** The files as stored. */
  stored(sha256: string): Promise<Uint8Array>;
  /** The series as acquired, as gzipped NIfTI. */
  image(one: ExportedCase, series: ExportedSeries): Promise<Uint8Array>;
  /** The series on BRAVO's grid, as gzipped NIfTI. */
  imageOnBravo(one: ExportedCase, series: ExportedSeries): Promise<Uint8Array>;
  /** Zeros on BRAVO's grid, as gzipped NIfTI. */
  blankOnBravo(one: ExportedCase): Promise<Uint8Array>;
  /** The accepted label as gzipped NIfTI: lesions by their numbers, or all of one class. */
  label(one: ExportedCase, values: 'LESIONS' | 'ONE_CLASS'): Promise<Uint8Array>;
}

/** A way to lay a dataset out. */
export interface Layout {
  /** The archive's top folder with a slash behind it, or ''. */
  readonly folder: (dataset: ExportedDataset) => string;
  readonly files: (contents: Contents) => AsyncGenerator<ExportFile, void, void>;
}

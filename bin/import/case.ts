import type { SeriesRole } from '#core/domain/sequence.ts';

/** Where the voxels of a series or of a label lie. */
export type VolumeSource =
  | { readonly kind: 'NIFTI'; readonly path: string }
  /** One picture a slice, in the order of their names. */
  | { readonly kind: 'PNG'; readonly folder: string }
  /** Files of one series, or one SEG. */
  | { readonly kind: 'DICOM'; readonly folder: string };

/** No voxel, by declaration of the data set. */
export type LabelSource = VolumeSource | { readonly kind: 'EMPTY' };

export interface SeriesSource {
  readonly role: SeriesRole;
  /** As it will be described. */
  readonly description: string;
  readonly from: VolumeSource;
}

/** What the values of a label mean. */
export interface LabelMeaning {
  /** Values that are metastasis; undefined for every value but 0. */
  readonly metastasis: readonly number[] | undefined;
  /** Values that mean something else and are left out, with its name; others are refused. */
  readonly leftOut: Readonly<Record<number, string>>;
}

/** A study of a data set, as a layout finds it. */
export interface CaseSource {
  /** Unique in the data set. */
  readonly name: string;
  /** The patient: studies of one subject become studies of one patient. */
  readonly subject: string;
  readonly series: readonly SeriesSource[];
  /** Files that the layout has and this case lacks. */
  readonly missing: readonly string[];
  readonly label: (LabelMeaning & { readonly from: LabelSource }) | undefined;
}

/** A way in which a data set lies in a folder. */
export interface Layout {
  /** As `--layout` names it. */
  readonly name: string;
  /** The data set, as ground truth will name its source; undefined if the user has to say. */
  readonly source: string | undefined;
  /** What is taken for granted, in sentences to be shown. */
  readonly assumes: readonly string[];
  /** Of pictures, where the data set tells it elsewhere; `--spacing-mm` goes before it. */
  readonly pngSpacingMm?: readonly [number, number, number];
  /** Whether the folder looks like it. */
  detect(folder: string): Promise<boolean>;
  /** The cases, in the order of their names. */
  cases(folder: string): Promise<CaseSource[]>;
}

/** Why a case is not imported; nothing of it is. */
export class CaseRefused extends Error {
  override readonly name = 'CaseRefused';
}

/** Every value but 0 is metastasis. */
export const anyValue: LabelMeaning = { metastasis: undefined, leftOut: {} };

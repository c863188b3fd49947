import { DomainError } from '#core/domain/errors.ts';
import { type Grid, type LabelVolume, sameGrid, spacingMm, type Volume, voxelCount } from '#core/domain/geometry.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { labelComponents } from '#core/label/relabel.ts';
import { resampleLabel } from '#core/label/resample-label.ts';
import { CaseRefused, type CaseSource, type LabelMeaning, type LabelSource } from './case.ts';
import { readStoredLabel, readStoredSeries } from './read-dicom.ts';
import { type Assumed, readImage, readLabel } from './read-volume.ts';

export interface ImportSeries {
  readonly role: SeriesRole;
  readonly description: string;
  readonly volume: Volume<Int16Array>;
  /** True if values were scaled to 15 bits, since they were no whole numbers of 16. */
  readonly scaled: boolean;
  /** The files themselves, of a series that is DICOM already. */
  readonly files?: readonly Uint8Array[];
}

/** A case, read and held against itself: what is in it can be sent. */
export interface ImportCase {
  readonly name: string;
  readonly subject: string;
  readonly series: readonly ImportSeries[];
  /** Undefined for an unlabelled case. */
  readonly label: ImportedLabel | undefined;
}

export interface ImportedLabel {
  /** 1 where a metastasis is. */
  readonly volume: LabelVolume;
  /** It lies beside BRAVO's grid, and the service is to bring it onto that. */
  readonly onOwnGrid: boolean;
}

export interface ReadOptions extends Assumed {
  readonly allowMissing: boolean;
  /** Takes labels on another grid than BRAVO's. */
  readonly resample: boolean;
  /** Instead of what the layout says. */
  readonly metastasisValues: readonly number[] | undefined;
}

/** How far a corner of a label may lie from BRAVO's, mm: as the service has it. */
const toleranceMm = 0.02;

/** Reads all of a case. @throws CaseRefused */
export async function readCase(source: CaseSource, options: ReadOptions): Promise<ImportCase> {
  if (!source.series.some(({ role }) => role === 'BRAVO'))
    throw new CaseRefused('It has no BRAVO, on which labels lie.');
  if (source.subject.length > 64) throw new CaseRefused('The name of its patient has more than 64 characters.');
  if (source.missing.length > 0 && !options.allowMissing)
    throw new CaseRefused(`It lacks ${source.missing.join(', ')}; --allow-missing takes it nevertheless.`);
  const series: ImportSeries[] = [];
  for (const { role, description, from } of source.series) {
    if (from.kind === 'DICOM') {
      const { volume, files } = await readStoredSeries(from.folder);
      series.push({ role, description, volume: toInt16(volume, role).volume, scaled: false, files });
    } else series.push({ role, description, ...toInt16(await readImage(from, options), role) });
  }
  const { name, subject } = source;
  if (!source.label) return { name, subject, series, label: undefined };
  const bravo = series.find(({ role }) => role === 'BRAVO')!.volume.grid;
  const read = await labelOf(source.label.from, bravo, options);
  const onOwnGrid = !sameGrid(read.grid, bravo, toleranceMm);
  // Only a NIfTI file says where in the patient it lies: pictures are centred, and a SEG was read on BRAVO's grid.
  const mayResample = source.label.from.kind === 'NIFTI';
  if (onOwnGrid && !(mayResample && options.resample))
    throw new CaseRefused(
      `Its label lies on another grid than BRAVO: ${gridText(read)}, BRAVO ${gridText({ grid: bravo })}${mayResample ? '; --resample takes it nevertheless' : ''}.`,
    );
  const meaning = options.metastasisValues
    ? { metastasis: options.metastasisValues, leftOut: undefined }
    : source.label;
  const volume = { grid: onOwnGrid ? read.grid : bravo, data: metastasisOf(read.data, meaning) };
  if (onOwnGrid) refuseChanged(volume, bravo);
  return { name, subject, series, label: { volume, onOwnGrid } };
}

/** The service would refuse it, but only once the images are there. */
function refuseChanged(label: LabelVolume, bravo: Grid): void {
  try {
    resampleLabel(labelComponents(label), bravo);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new CaseRefused(`Its label cannot be brought onto BRAVO's grid, a segment being a lesion: ${error.message}`);
  }
}

async function labelOf(from: LabelSource, bravo: Grid, options: ReadOptions): Promise<LabelVolume> {
  if (from.kind === 'EMPTY') return { grid: bravo, data: new Uint16Array(voxelCount(bravo)) };
  return from.kind === 'DICOM' ? readStoredLabel(from.folder, bravo) : readLabel(from, options);
}

/** @param meaning Without `leftOut` every other value is left out. */
function metastasisOf(
  data: Uint16Array,
  {
    metastasis,
    leftOut,
  }: { readonly metastasis: LabelMeaning['metastasis']; readonly leftOut: LabelMeaning['leftOut'] | undefined },
): Uint16Array {
  const wanted = new Set(metastasis ?? []);
  return data.map((value) => {
    if (value === 0) return 0;
    if (!metastasis || wanted.has(value)) return 1;
    if (leftOut && !(value in leftOut))
      throw new CaseRefused(
        `Its label has the value ${value}, whose meaning is not known; --label-values says which are metastasis.`,
      );
    return 0;
  });
}

/** Whole numbers of 16 bits as they are; others are scaled from 0 to 32767. */
function toInt16({ grid, data }: Volume, role: SeriesRole): { volume: Volume<Int16Array>; scaled: boolean } {
  let [least, greatest, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (let n = 0; n < data.length; n++) {
    const value = data[n]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    if (!Number.isInteger(value)) whole = false;
  }
  if (!(greatest > least)) throw new CaseRefused(`Its ${role} is ${least} everywhere: there is no image in it.`);
  const scaled = !whole || least < -32_768 || greatest > 32_767;
  const factor = 32_767 / (greatest - least);
  const values = new Int16Array(data.length);
  for (let n = 0; n < data.length; n++) values[n] = scaled ? Math.round((data[n]! - least) * factor) : data[n]!;
  return { volume: { grid, data: values }, scaled };
}

/** "256 x 256 x 160 voxels of 0.94 x 0.94 x 1.00 mm at (-120, -120, -80)". */
export function gridText({ grid }: Pick<Volume, 'grid'>): string {
  const spacing = spacingMm(grid).map((mm) => mm.toFixed(2));
  const at = [3, 7, 11].map((n) => Number(grid.indexToLps[n]!.toFixed(2)));
  return `${grid.size.join(' x ')} voxels of ${spacing.join(' x ')} mm at (${at.join(', ')})`;
}

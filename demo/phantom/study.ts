import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spacingMm, transformPoint } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { type DicomDataset, type DicomElement, decimal, encodeDicom } from './dicom-encode.ts';
import { type FakeIdentity, fakeIdentity, uidOf } from './identifiers.ts';
import type { Phantom, PhantomSeries } from './phantom.ts';
import { protocolElements, type ScannerVendor, scannerElements } from './protocol.ts';
import { createRandom, type Random } from './random.ts';

const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';
/** Order in which the series were acquired: contrast is given between the first two and the others. */
const acquired: readonly Sequence[] = ['T1_PRE', 'FLAIR', 'BRAVO', 'T1_POST'];

export interface StudyOptions {
  /** Tells studies of one seed apart, e.g. two time points: it goes into UIDs, dates and accession number. */
  readonly label?: string;
  readonly vendor?: ScannerVendor;
  readonly tesla?: 1.5 | 3;
  /** Sequences to leave out. */
  readonly without?: readonly Sequence[];
}

export interface StudyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The identity that is planted in a phantom's files, for tests of de-identification. */
export function phantomIdentity(phantom: Phantom, options: StudyOptions = {}): FakeIdentity {
  return fakeIdentity(phantom.seed, options.label ?? '', phantom.ageYears, phantom.sex, phantom.seed % 2 === 1);
}

/** UIDs of a phantom's study and series. */
export function phantomUids(
  phantom: Phantom,
  { label = '' }: StudyOptions = {},
): { study: string; frameOfReference: string; series: Readonly<Record<Sequence, string>> } {
  const key = `phantom/${phantom.seed}/${phantom.size}/${phantom.truth.lesions.length}/${label}`;
  return {
    study: uidOf(`${key}/study`),
    frameOfReference: uidOf(`${key}/frame of reference`),
    series: Object.fromEntries(phantom.series.map(({ sequence }) => [sequence, uidOf(`${key}/${sequence}`)])) as Record<
      Sequence,
      string
    >,
  };
}

/**
 * The files of a phantom's study, one a slice, classic MR Image Storage, explicit VR little endian. Files of all series
 * come mixed, as from an export; in two of the series instance numbers do not follow the slices.
 */
export async function* writePhantomStudy(phantom: Phantom, options: StudyOptions = {}): AsyncGenerator<StudyFile> {
  const { vendor = 'GE', tesla = 3, without = [], label = '' } = options;
  const random = createRandom(`${phantom.seed}/${label}`, 'study');
  const identity = phantomIdentity(phantom, options);
  const uids = phantomUids(phantom, options);
  const common: DicomDataset = {
    ...identity.elements,
    ...scannerElements(vendor, tesla, random),
    '00080005': { vr: 'CS', value: phantom.seed % 2 === 1 ? 'ISO_IR 192' : 'ISO_IR 100' },
    '00080016': { vr: 'UI', value: MR_IMAGE_STORAGE },
    '00080060': { vr: 'CS', value: 'MR' },
    '0020000D': { vr: 'UI', value: uids.study },
    '00200052': { vr: 'UI', value: uids.frameOfReference },
    '00201040': { vr: 'LO', value: '' },
  };
  const slices = phantom.series
    .filter(({ sequence }) => !without.includes(sequence))
    .flatMap((series) => {
      const place = acquired.indexOf(series.sequence);
      const dataset = {
        ...common,
        ...protocolElements(series.sequence, vendor, tesla, random),
        ...seriesElements(series, identity.studyDate, place),
        '0020000E': { vr: 'UI', value: uids.series[series.sequence] },
      };
      const numbers = instanceNumbers(random, series.volume.grid.size[2], place);
      return numbers.map((instance, slice) => ({ series, dataset, slice, instance }));
    });
  let count = 0;
  for (const { series, dataset, slice, instance } of random.shuffle(slices)) {
    const own = sliceElements(series, slice, instance, uids.series[series.sequence]);
    yield { name: `IM${String(++count).padStart(5, '0')}.dcm`, bytes: encodeDicom({ ...dataset, ...own }) };
  }
}

/** Writes a phantom's study into a folder, which is made if need be. @returns the number of files */
export async function savePhantomStudy(
  phantom: Phantom,
  directory: string,
  options: StudyOptions = {},
): Promise<number> {
  await mkdir(directory, { recursive: true });
  let count = 0;
  for await (const { name, bytes } of writePhantomStudy(phantom, options)) {
    await writeFile(join(directory, name), bytes);
    count++;
  }
  return count;
}

/** Instance numbers by slice: along the slices, against them, or in no order. */
function instanceNumbers(random: Random, count: number, place: number): number[] {
  const along = Array.from({ length: count }, (_, n) => n + 1);
  if (place === 1) return random.shuffle(along);
  return place === 2 ? along.reverse() : along;
}

function seriesElements({ volume }: PhantomSeries, date: string, place: number): Record<string, DicomElement> {
  const { grid, data } = volume;
  const m = grid.indexToLps;
  const [columnMm, rowMm, sliceMm] = spacingMm(grid);
  const cosines = [0, 4, 8].map((r) => m[r]! / columnMm).concat([1, 5, 9].map((r) => m[r]! / rowMm));
  const time = `${String(10 + Math.floor(place / 4)).padStart(2, '0')}${String(5 + 8 * place).padStart(2, '0')}30`;
  let largest = 0;
  for (const value of data) if (value > largest) largest = value;
  return {
    '00080008': { vr: 'CS', value: ['ORIGINAL', 'PRIMARY', 'OTHER'] },
    '00080020': { vr: 'DA', value: date },
    '00080021': { vr: 'DA', value: date },
    '00080022': { vr: 'DA', value: date },
    '00080023': { vr: 'DA', value: date },
    '00080030': { vr: 'TM', value: '100012' },
    '00080031': { vr: 'TM', value: time },
    '00080032': { vr: 'TM', value: time },
    '00080033': { vr: 'TM', value: time },
    '00180050': { vr: 'DS', value: sliceMm },
    '00180088': { vr: 'DS', value: sliceMm },
    '00181100': { vr: 'DS', value: columnMm * grid.size[0] },
    '00181310': { vr: 'US', value: [0, grid.size[0], grid.size[1], 0] },
    '00181312': { vr: 'CS', value: 'ROW' },
    '00200011': { vr: 'IS', value: String(place + 2) },
    '00200037': { vr: 'DS', value: cosines },
    '00280002': { vr: 'US', value: 1 },
    '00280004': { vr: 'CS', value: 'MONOCHROME2' },
    '00280010': { vr: 'US', value: grid.size[1] },
    '00280011': { vr: 'US', value: grid.size[0] },
    '00280030': { vr: 'DS', value: [rowMm, columnMm] },
    '00280100': { vr: 'US', value: 16 },
    '00280101': { vr: 'US', value: 16 },
    '00280102': { vr: 'US', value: 15 },
    '00280103': { vr: 'US', value: 1 },
    '00281050': { vr: 'DS', value: Math.round(largest * 0.35) },
    '00281051': { vr: 'DS', value: Math.round(largest * 0.7) },
  };
}

function sliceElements(
  { volume: { grid, data } }: PhantomSeries,
  slice: number,
  instance: number,
  seriesUid: string,
): Record<string, DicomElement> {
  const position = transformPoint(grid.indexToLps, [0, 0, slice]);
  const m = grid.indexToLps;
  const sliceMm = spacingMm(grid)[2];
  const location = (position[0] * m[2]! + position[1] * m[6]! + position[2] * m[10]!) / sliceMm;
  const length = grid.size[0] * grid.size[1];
  const pixels = data.subarray(slice * length, (slice + 1) * length);
  return {
    '00080018': { vr: 'UI', value: uidOf(`${seriesUid}/${slice}`) },
    '00200013': { vr: 'IS', value: String(instance) },
    '00200032': { vr: 'DS', value: position.map(decimal) },
    '00201041': { vr: 'DS', value: decimal(location) },
    // Typed arrays are little endian on every machine Node runs on, as the transfer syntax is.
    '7FE00010': { vr: 'OW', value: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength) },
  };
}

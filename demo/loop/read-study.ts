import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import type { Grid, LabelVolume } from '#core/domain/geometry.ts';
import { segmentVoxelCounts } from '#core/label/relabel.ts';
import { type Client, studiesOf } from '../client.ts';

type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** What a viewer knows of the BRAVO series that a reader draws on: it comes by WADO-RS. */
export interface BravoSeries extends SourceSeries {
  readonly grid: Grid;
}

export async function fetchBravo(
  client: Client,
  studyInstanceUid: string,
  seriesInstanceUid: string,
): Promise<BravoSeries> {
  const response = await client.retrieve(`/studies/${studyInstanceUid}/series/${seriesInstanceUid}/metadata`);
  if (!response.ok) throw new Error(`the metadata of BRAVO answered ${response.status}`);
  const slices = ((await response.json()) as DicomJson[]).toSorted((a, b) => along(a) - along(b));
  const [first] = slices;
  if (!first) throw new Error('BRAVO has no instances');
  return {
    studyInstanceUid,
    seriesInstanceUid,
    frameOfReferenceUid: text(first, '00200052'),
    sopInstanceUids: slices.map((item) => text(item, '00080018')),
    patient: { id: text(first, '00100020'), name: text(first, '00100020') },
    study: { date: text(first, '00080020') },
    grid: gridOf(slices),
  };
}

const text = (item: DicomJson, tag: string): string => String(item[tag]?.Value?.[0] ?? '');
const numbers = (item: DicomJson, tag: string): number[] => (item[tag]?.Value ?? []).map(Number);

/** Row, column and normal directions of a slice (PS3.3 C.7.6.2). */
function directions(item: DicomJson): readonly [number[], number[], number[]] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers(item, '00200037');
  return [
    [a, b, c],
    [d, e, f],
    [b * f - c * e, c * d - a * f, a * e - b * d],
  ];
}

/** Position along the normal, mm. */
const along = (item: DicomJson): number => {
  const position = numbers(item, '00200032');
  return directions(item)[2].reduce((sum, part, axis) => sum + part * position[axis]!, 0);
};

/** The grid of slices in the order of their positions. */
function gridOf(slices: readonly DicomJson[]): Grid {
  const [first, last] = [slices[0]!, slices.at(-1)!];
  const [row, column] = directions(first);
  const [rowSpacing = 1, columnSpacing = 1] = numbers(first, '00280030');
  const [origin, end] = [numbers(first, '00200032'), numbers(last, '00200032')];
  const step = (axis: number): number => (end[axis]! - origin[axis]!) / Math.max(1, slices.length - 1);
  const line = (axis: number): number[] => [
    row[axis]! * columnSpacing,
    column[axis]! * rowSpacing,
    step(axis),
    origin[axis]!,
  ];
  return {
    size: [numbers(first, '00280011')[0]!, numbers(first, '00280010')[0]!, slices.length],
    indexToLps: [...line(0), ...line(1), ...line(2), 0, 0, 0, 1],
  };
}

/** A label as a viewer saves it: a SEG by STOW-RS, then what the client counted. Empty for no metastasis: then there is no SEG. */
export interface SavedSeg {
  readonly segSopInstanceUid: string | null;
  readonly segments: readonly { readonly number: number; readonly voxelCount: number }[];
}

export async function storeLabel(
  client: Client,
  label: LabelVolume,
  source: SourceSeries,
  description: string,
): Promise<SavedSeg> {
  const segments = [...segmentVoxelCounts(label)]
    .map(([number, voxelCount]) => ({ number, voxelCount }))
    .sort((a, b) => a.number - b.number);
  if (segments.length === 0) return { segSopInstanceUid: null, segments };
  const [date = '', time = ''] = new Date().toISOString().split('T');
  const identity = {
    sopInstanceUid: randomUid(),
    seriesInstanceUid: randomUid(),
    seriesNumber: 100,
    seriesDescription: description,
    contentDate: date.replaceAll('-', ''),
    contentTime: time.slice(0, 8).replaceAll(':', ''),
    softwareVersion: 'Metloop demo',
  };
  const seg = writeSeg({
    label,
    source,
    identity,
    segments: segments.map(({ number }) => ({
      number,
      label: `Metastasis ${number}`,
      algorithmType: 'MANUAL' as const,
    })),
  });
  const { status, answer } = await client.store(`/studies/${source.studyInstanceUid}`, [seg]);
  if (status !== 200 || studiesOf(answer).size !== 1)
    throw new Error(`the SEG was answered with ${status}: ${JSON.stringify(answer).slice(0, 300)}`);
  return { segSopInstanceUid: identity.sopInstanceUid, segments };
}

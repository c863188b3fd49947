import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import type { LabelVolume } from '#core/domain/geometry.ts';
import { segmentVoxelCounts } from '#core/label/relabel.ts';
import { type Client, studiesOf } from '../client.ts';

type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** What a viewer knows of the BRAVO series that a reader draws on: it comes by WADO-RS. */
export async function fetchBravo(
  client: Client,
  studyInstanceUid: string,
  seriesInstanceUid: string,
): Promise<SourceSeries> {
  const response = await client.retrieve(`/studies/${studyInstanceUid}/series/${seriesInstanceUid}/metadata`);
  if (!response.ok) throw new Error(`the metadata of BRAVO answered ${response.status}`);
  const instances = (await response.json()) as DicomJson[];
  const text = (item: DicomJson, tag: string): string => String(item[tag]?.Value?.[0] ?? '');
  const height = (item: DicomJson): number => Number(item['00200032']?.Value?.[2]);
  const [first] = instances;
  if (!first) throw new Error('BRAVO has no instances');
  return {
    studyInstanceUid,
    seriesInstanceUid,
    frameOfReferenceUid: text(first, '00200052'),
    sopInstanceUids: [...instances].sort((a, b) => height(a) - height(b)).map((item) => text(item, '00080018')),
    patient: { id: text(first, '00100020'), name: text(first, '00100020') },
    study: { date: text(first, '00080020') },
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

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { keyedUid } from '#core/dicom/uid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import { labelComponents, segmentVoxelCounts } from '#core/label/relabel.ts';
import { version } from '#core/version.ts';
import type { Service } from '../upload/service.ts';
import { CaseRefused } from './case.ts';
import type { ImportedLabel } from './read-case.ts';
import type { StoredStudy } from './send-case.ts';

export interface TruthOptions {
  readonly source: string;
  readonly reason: string;
  readonly beganAsDraft: boolean;
  readonly newRound: boolean;
}

/** A study is not prepared yet: its label can be imported by a next run. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

const lookEveryMs = 2000;

/** Waits until labels can lie on the study. @throws NotYet after so many minutes, or where a person has to judge; CaseRefused if it cannot be prepared */
export async function waitUntilPrepared(
  service: Service,
  { id }: StoredStudy,
  { minutes, onWait, signal }: { minutes: number; onWait: (what: string) => void; signal: AbortSignal },
): Promise<void> {
  const until = performance.now() + minutes * 60_000;
  for (;;) {
    const { node } = await service.ask<{
      node: { preparation: { state: string; progress: { failure: { message: string } | null } } | null };
    }>(
      'query ($id: ID!) { node(id: $id) { ... on Study { preparation { state progress { failure { message } } } } } }',
      { id },
    );
    const state = node.preparation?.state ?? 'QUEUED';
    if (state === 'READY') return;
    if (state === 'FAILED')
      throw new CaseRefused(
        `Its images could not be prepared: ${node.preparation?.progress.failure?.message ?? 'no reason'}`,
      );
    if (state === 'NEEDS_REVIEW')
      throw new NotYet('its registration waits for a person to judge it, on the page of the study');
    if (performance.now() >= until) throw new NotYet(`it is still ${state} after ${minutes} minutes`);
    onWait(state);
    await sleep(lookEveryMs, undefined, { signal });
  }
}

/** Sends a label and has it accepted as ground truth. Harmless to repeat. @returns how many lesions it has @throws CaseRefused, and as `Service.store` */
export async function importLabel(
  { volume, onOwnGrid }: ImportedLabel,
  study: StoredStudy,
  { service, siteId }: { service: Service; siteId: string },
  options: TruthOptions,
): Promise<number> {
  const lesions = labelComponents(volume);
  const segments = [...segmentVoxelCounts(lesions)].map(([number, voxelCount]) => ({ number, voxelCount }));
  const content = createHash('sha256').update(new Uint8Array(lesions.data.buffer)).digest('hex');
  // By content, so that an interrupted import can be repeated.
  const key = createHash('sha256')
    // Where it lies is content, too, unless it can lie in one way only.
    .update(
      [study.id, content, JSON.stringify(options), ...(onOwnGrid ? [JSON.stringify(volume.grid)] : [])].join('\0'),
    )
    .digest('hex')
    .slice(0, 48);
  const sopInstanceUid = segments.length > 0 ? keyedUid(Buffer.from(key), 'label') : null;
  if (sopInstanceUid !== null) {
    const seg = segOf({ volume: lesions, onOwnGrid }, segments.length, await bravoOf(service, study), sopInstanceUid);
    const { stored, refused } = await service.store(siteId, [seg]);
    if (!stored.has(sopInstanceUid))
      throw new CaseRefused(`The service refused its label: ${refused[0]?.reason ?? 'without a reason'}.`);
  }
  const input = {
    studyId: study.id,
    segSopInstanceUid: sopInstanceUid,
    segments,
    ...options,
    resample: onOwnGrid,
    idempotencyKey: `import-${key}`,
  };
  const { groundTruthImport } = await service.ask<{
    groundTruthImport: { revision: { lesions: unknown[] } | null; userErrors: { code: string; message: string }[] };
  }>(
    `mutation ($input: GroundTruthImportInput!) { groundTruthImport(input: $input) {
      revision { lesions { number } } userErrors { code message } } }`,
    { input },
  );
  const [error] = groundTruthImport.userErrors;
  if (error || !groundTruthImport.revision)
    throw new CaseRefused(`Its label was not accepted: ${error ? `${error.code}: ${error.message}` : 'no reason'}`);
  return groundTruthImport.revision.lesions.length;
}

type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** The stored BRAVO, its images in the order of the slices. */
async function bravoOf(
  service: Service,
  { studyInstanceUid, bravoSeriesUid, patientId }: StoredStudy,
): Promise<SourceSeries> {
  const images = await service.retrieve<DicomJson[]>(`/studies/${studyInstanceUid}/series/${bravoSeriesUid}/metadata`);
  const numbers = (image: DicomJson, tag: string): number[] => (image[tag]?.Value ?? []).map(Number);
  const along = (image: DicomJson): number => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers(image, '00200037');
    const [x = 0, y = 0, z = 0] = numbers(image, '00200032');
    return (b * f - c * e) * x + (c * d - a * f) * y + (a * e - b * d) * z;
  };
  const ordered = images.toSorted((p, q) => along(p) - along(q));
  return {
    ...{ studyInstanceUid, seriesInstanceUid: bravoSeriesUid },
    frameOfReferenceUid: String(ordered[0]?.['00200052']?.Value?.[0] ?? ''),
    sopInstanceUids: ordered.map((image) => String(image['00080018']?.Value?.[0])),
    patient: { id: patientId },
    study: {},
  };
}

function segOf(
  { volume, onOwnGrid }: ImportedLabel,
  count: number,
  source: SourceSeries,
  sopInstanceUid: string,
): Uint8Array {
  const segments = Array.from({ length: count }, (_, n) => ({
    ...{ number: n + 1, label: `Metastasis ${n + 1}`, algorithmType: 'MANUAL' as const },
  }));
  const identity = {
    ...{ sopInstanceUid, seriesInstanceUid: keyedUid(Buffer.from(sopInstanceUid), 'series'), seriesNumber: 900 },
    ...{ seriesDescription: 'Imported label', contentDate: '', contentTime: '', softwareVersion: `Metloop ${version}` },
  };
  return writeSeg({ label: volume, onOwnGrid, source, segments, identity });
}

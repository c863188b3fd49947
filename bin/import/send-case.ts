import type { SeriesRole } from '#core/domain/sequence.ts';
import { sopInstanceUidOf } from '../upload/scan.ts';
import { maxBatchBytes, maxBatchFiles } from '../upload/send.ts';
import type { Service, StoredPlace } from '../upload/service.ts';
import { CaseRefused } from './case.ts';
import type { SeriesFiles } from './to-dicom.ts';

/** The study of a case as the service has it, by its own UIDs. */
export interface StoredStudy {
  readonly id: string;
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly bravoSeriesUid: string;
}

/**
 * Sends the images of a case, holds what the service has against them, and says what each series is. Harmless to repeat.
 * @param onShare Is told how much of the case was sent, from 0 to 1.
 * @throws CaseRefused, and as `Service.store`
 */
export async function sendCase(
  series: readonly SeriesFiles[],
  { service, siteId }: { service: Service; siteId: string },
  onShare: (share: number) => void,
): Promise<StoredStudy> {
  const total = series.reduce((sum, { files }) => sum + files.length, 0);
  const places: StoredPlace[] = [];
  let sent = 0;
  for (const { role, files } of series) {
    let place: StoredPlace | undefined;
    for (const batch of batches(files)) {
      const outcome = await service.store(siteId, batch);
      const [first] = outcome.refused;
      if (first || outcome.stored.size !== batch.length)
        throw new CaseRefused(`The service refused images of ${role}: ${first?.reason ?? 'without a reason'}.`);
      place ??= outcome.places.get(sopInstanceUidOf(batch[0]!) ?? '');
      sent += batch.length;
      onShare(sent / total);
    }
    if (!place) throw new CaseRefused(`The service did not say where it stored ${role}.`);
    places.push(place);
  }
  const study = await studyOf(service, places[0]!.studyInstanceUid);
  const stored = series.map(({ role, files }, n) => {
    const found = study.series.find((one) => one.seriesInstanceUid === places[n]!.seriesInstanceUid);
    if (found?.instanceCount !== files.length)
      throw new CaseRefused(`The service has ${found?.instanceCount ?? 0} of the ${files.length} images of ${role}.`);
    return { ...found, wanted: role };
  });
  // BRAVO last: with it the study can be prepared, and is.
  for (const { id, role, roleSetByMember, wanted } of stored.toSorted((a, b) => rank(a.wanted) - rank(b.wanted)))
    if (role !== wanted || !roleSetByMember) await setRole(service, id, wanted);
  const bravoSeriesUid = stored.find(({ wanted }) => wanted === 'BRAVO')!.seriesInstanceUid;
  const { id, subject } = study;
  return { id, studyInstanceUid: places[0]!.studyInstanceUid, patientId: subject.patientId, bravoSeriesUid };
}

const rank = (role: SeriesRole): number => (role === 'BRAVO' ? 1 : 0);

function* batches(files: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length >= maxBatchFiles || (batch.length > 0 && bytes + file.length > maxBatchBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(file);
    bytes += file.length;
  }
  if (batch.length > 0) yield batch;
}

interface FoundStudy {
  readonly id: string;
  readonly subject: { readonly patientId: string };
  readonly series: readonly {
    readonly id: string;
    readonly seriesInstanceUid: string;
    readonly role: SeriesRole | null;
    readonly roleSetByMember: boolean;
    readonly instanceCount: number;
  }[];
}

async function studyOf(service: Service, uid: string): Promise<FoundStudy> {
  const { studies } = await service.ask<{ studies: { edges: { node: FoundStudy }[] } }>(
    `query ($uid: String!) { studies(first: 1, filter: { studyInstanceUid: $uid }) { edges { node {
      id subject { patientId } series { id seriesInstanceUid role roleSetByMember instanceCount } } } } }`,
    { uid },
  );
  const [found] = studies.edges;
  if (!found) throw new CaseRefused('The service stored the images, but you may not see their study.');
  return found.node;
}

async function setRole(service: Service, seriesId: string, role: SeriesRole): Promise<void> {
  const { seriesUpdate } = await service.ask<{ seriesUpdate: { userErrors: { message: string }[] } }>(
    'mutation ($input: SeriesUpdateInput!) { seriesUpdate(input: $input) { userErrors { message } } }',
    { input: { seriesId, role } },
  );
  const [error] = seriesUpdate.userErrors;
  if (error) throw new CaseRefused(`The role ${role} could not be set: ${error.message}`);
}

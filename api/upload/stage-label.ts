import { createHash } from 'node:crypto';
import type { InstanceHeader } from '#core/dicom/header.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Caller, Services } from '../context.ts';
import { inRequest } from '../request.ts';
import type { Outcome } from './service.ts';
import { findStudyByUid, stageLabel } from './store.ts';

/**
 * Takes a SEG that a reader's viewer sent for a study of theirs; only they see it until it is saved as a revision. It refers to our
 * own UIDs, so it is not de-identified again, but it must name the patient by the pseudonym and by nothing else.
 */
export async function receiveLabel(
  services: Services,
  caller: Caller,
  header: InstanceHeader,
  patientName: string | undefined,
  bytes: Uint8Array,
): Promise<Outcome> {
  const sent = { sopClassUid: header.sopClassUid, sentSopInstanceUid: header.sopInstanceUid };
  const { tenantId, memberId } = caller;
  const study = await inRequest(services, caller, ({ db }) => findStudyByUid(db, header.study.instanceUid));
  if (!study)
    return { stored: false, code: 'UNREADABLE', message: 'There is no such study, or you may not see it.', ...sent };
  if (header.patient.id !== study.pseudonym || (patientName ?? study.pseudonym) !== study.pseudonym) {
    return {
      stored: false,
      code: 'NOT_DEIDENTIFIED',
      message: 'A label must name its patient by the pseudonym of its study.',
      ...sent,
    };
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await services.objects.put(objectKey(tenantId, sha256), bytes, { sha256 });
  const seriesInstanceUid = header.series.instanceUid;
  await inRequest(services, caller, ({ db }) =>
    stageLabel(db, {
      tenantId,
      memberId,
      studyId: study.id,
      sopInstanceUid: header.sopInstanceUid,
      seriesInstanceUid,
      sha256,
      sizeBytes: bytes.length,
    }),
  );
  return {
    stored: true,
    ...sent,
    studyInstanceUid: header.study.instanceUid,
    seriesInstanceUid,
    sopInstanceUid: header.sopInstanceUid,
  };
}

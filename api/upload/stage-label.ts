import { uids } from '#core/dicom/uid.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Caller, Services } from '../context.ts';
import { inRequest } from '../request.ts';
import { readLabelApart } from './intake.ts';
import type { Outcome } from './service.ts';
import { findStudyByUid, stageLabel } from './store.ts';

/**
 * Takes a SEG that a reader's viewer sent for a study of theirs; only they see it until it is saved as a revision. It refers to our
 * own UIDs, so it is not de-identified again, but it must name the patient by the pseudonym and by nothing else.
 * @param file Moved to a thread if they fill their buffer: then they are empty here afterwards.
 */
export async function receiveLabel(services: Services, caller: Caller, file: Uint8Array): Promise<Outcome> {
  const answer = await readLabelApart(file);
  if ('refusal' in answer) {
    const { code, message } = answer.refusal;
    return { stored: false, code: code === 'OUT_OF_BOUNDS' ? code : 'UNREADABLE', message, fault: code };
  }
  const { header, patientName, sha256, bytes } = answer.label;
  if (header.sopClassUid !== uids.segmentation)
    return { stored: false, code: 'UNREADABLE', message: 'Its meta information and its dataset name two SOP classes.' };
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

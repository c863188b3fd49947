import type { DicomErrorCode } from '#core/dicom/dicom-error.ts';
import type { Outcome, RefusalCode } from '../upload/service.ts';

/** Failure reasons of PS3.18 table I.2-2, and that of a duplicate instance (PS3.7 C.4.1). */
const reasons: Readonly<Record<RefusalCode, number>> = {
  UNREADABLE: 0xc000,
  OUT_OF_BOUNDS: 0xc000,
  UNSUPPORTED_CLASS: 0x0122,
  BURNED_IN: 0xa900,
  NOT_DEIDENTIFIED: 0xa900,
  UID_CONFLICT: 0x0111,
};
const faults: Partial<Record<DicomErrorCode, number>> = { UNSUPPORTED_TRANSFER_SYNTAX: 0xc122 };

export interface StowAnswer {
  readonly status: 200 | 202 | 409;
  /** DICOM JSON of the Store Instances Response Module (PS3.18 I.2). */
  readonly body: object;
}

const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });

/** 200 only if all are stored, 202 if some are, 409 if none is. */
export function stowAnswer(publicUrl: string, outcomes: readonly Outcome[]): StowAnswer {
  const stored = outcomes.filter((outcome) => outcome.stored);
  const failed = outcomes.filter((outcome) => !outcome.stored);
  const studies = new Set(stored.map(({ studyInstanceUid }) => `${publicUrl}/dicomweb/studies/${studyInstanceUid}`));
  const body = {
    // Of several studies there is no one address.
    ...(studies.size === 1 ? { '00081190': element('UR', ...studies) } : {}),
    ...(stored.length > 0
      ? { '00081199': element('SQ', ...stored.map((outcome) => storedItem(publicUrl, outcome))) }
      : {}),
    ...(failed.length > 0 ? { '00081198': element('SQ', ...failed.map(failedItem)) } : {}),
  };
  return { status: stored.length === 0 ? 409 : failed.length > 0 ? 202 : 200, body };
}

const reference = (outcome: Outcome) => ({
  ...(outcome.sopClassUid ? { '00081150': element('UI', outcome.sopClassUid) } : {}),
  ...(outcome.sentSopInstanceUid ? { '00081155': element('UI', outcome.sentSopInstanceUid) } : {}),
});

const storedItem = (publicUrl: string, outcome: Extract<Outcome, { stored: true }>) => ({
  ...reference(outcome),
  '00081190': element(
    'UR',
    `${publicUrl}/dicomweb/studies/${outcome.studyInstanceUid}/series/${outcome.seriesInstanceUid}/instances/${outcome.sopInstanceUid}`,
  ),
});

/** The sentence in full as an Error Comment may be long to read, cut to the 64 characters of its VR; the upload's refusals tell it whole. */
const failedItem = (outcome: Extract<Outcome, { stored: false }>) => ({
  ...reference(outcome),
  '00081197': element('US', (outcome.fault && faults[outcome.fault]) ?? reasons[outcome.code]),
  '00000902': element('LO', `${outcome.code}: ${outcome.message}`.slice(0, 64)),
});

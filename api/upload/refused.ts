import type { DicomErrorCode } from '#core/dicom/dicom-error.ts';
import type { SentUids } from './intake.ts';

/** Why a file is refused; the GraphQL enum RefusalCode lists the same. */
export type RefusalCode =
  | 'UNREADABLE'
  | 'OUT_OF_BOUNDS'
  | 'UNSUPPORTED_CLASS'
  | 'BURNED_IN'
  | 'UID_CONFLICT'
  | 'NOT_DEIDENTIFIED';

/** A file is not taken; its message may be shown. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly sent: SentUids | undefined;
  readonly fault: DicomErrorCode | undefined;
  constructor(code: RefusalCode, message: string, sent?: SentUids, fault?: DicomErrorCode) {
    super(message);
    this.code = code;
    this.sent = sent;
    this.fault = fault;
  }
}

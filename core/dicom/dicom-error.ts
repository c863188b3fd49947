export const dicomErrorCodes = [
  'NOT_DICOM',
  'TRUNCATED',
  'OUT_OF_BOUNDS',
  'MALFORMED',
  'UNSUPPORTED_TRANSFER_SYNTAX',
  'UNSUPPORTED',
  'UNSUPPORTED_CLASS',
  'BURNED_IN',
  'MISSING_ATTRIBUTE',
  'GRID_MISMATCH',
  'OVERLAPPING_SEGMENTS',
  'EMPTY_LABEL',
] as const;
export type DicomErrorCode = (typeof dicomErrorCodes)[number];

/**
 * What is wrong with a DICOM file or with what should become one. The message never quotes a value of the file that
 * could identify a patient: it names attributes, lengths and positions.
 */
export class DicomError extends Error {
  override readonly name = 'DicomError';
  readonly code: DicomErrorCode;

  constructor(code: DicomErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type NiftiErrorCode = 'NOT_NIFTI' | 'TRUNCATED' | 'OUT_OF_BOUNDS' | 'MALFORMED' | 'UNSUPPORTED' | 'NOT_A_LABEL';

/** What is wrong with a NIfTI file. The message names fields, sizes and counts, never text of the file. */
export class NiftiError extends Error {
  override readonly name = 'NiftiError';
  readonly code: NiftiErrorCode;

  constructor(code: NiftiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Kinds of error that a person can mend; the GraphQL enum ErrorCode lists the same. */
export const errorCodes = [
  'NOT_FOUND',
  'INVALID',
  'WRONG_STATE',
  'STALE',
  'IDEMPOTENCY_CONFLICT',
  'OWN_WORK',
  'ALREADY_READ',
  'NOT_PREPARED',
  'MISSING_SEQUENCE',
  'LABEL_UNREADABLE',
  'GRID_MISMATCH',
  'COUNT_MISMATCH',
  'VERDICT_MISSING',
  'SPLIT_IMPOSSIBLE',
  'NO_LIVE_VERSION',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Something a person can mend. Its message goes to the caller: no identifiers of patients, no internals. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  /** Path of the input at fault, such as `['segments', '0', 'voxelCount']`; empty for the whole. */
  readonly path: readonly string[];
  /** The object as it is now, for STALE and WRONG_STATE. */
  readonly current: { readonly type: string; readonly id: string } | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { path?: readonly string[]; current?: { type: string; id: string }; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.path = options.path ?? [];
    this.current = options.current;
  }
}

/** What another tenant's object, a hidden one and one that never was answer alike. */
export const notFound = (what: string, path: readonly string[] = []): DomainError =>
  new DomainError('NOT_FOUND', `There is no such ${what}, or you may not see it.`, { path });

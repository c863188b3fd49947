import { DomainError, type ErrorCode } from '#core/domain/errors.ts';
import type { Sequence } from '#core/domain/sequence.ts';

/** What a person can mend, as resolvers of UserError start from it. */
export interface UserErrorSource {
  readonly code: ErrorCode;
  readonly path: readonly string[];
  readonly message: string;
  readonly current: { readonly type: string; readonly id: string } | undefined;
  readonly roles: readonly Sequence[] | undefined;
}

/** Sequences are missing that the step needs. */
export class MissingSequence extends DomainError {
  readonly roles: readonly Sequence[];
  constructor(roles: readonly Sequence[], path: readonly string[] = []) {
    super(
      'MISSING_SEQUENCE',
      `The study lacks ${roles.join(', ')}: upload the series, or say which one it is by seriesUpdate.`,
      { path },
    );
    this.roles = roles;
  }
}

export const toUserError = (error: DomainError): UserErrorSource => ({
  code: error.code,
  path: error.path,
  message: error.message,
  current: error.current,
  roles: error instanceof MissingSequence ? error.roles : undefined,
});

export function userErrorType({
  code,
  roles,
}: UserErrorSource): 'ConflictError' | 'MissingSequenceError' | 'PlainError' {
  if (roles) return 'MissingSequenceError';
  return code === 'STALE' || code === 'WRONG_STATE' ? 'ConflictError' : 'PlainError';
}

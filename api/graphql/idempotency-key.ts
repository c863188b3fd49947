import { DomainError } from '#core/domain/errors.ts';

/** @throws DomainError INVALID unless the key has 8 to 64 characters */
export function checkIdempotencyKey(key: string): void {
  if (key.length < 8 || key.length > 64)
    throw new DomainError('INVALID', `An idempotency key has 8 to 64 characters, this one ${key.length}.`, {
      path: ['idempotencyKey'],
    });
}

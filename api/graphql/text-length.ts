import { DomainError } from '#core/domain/errors.ts';

/** The text without white space around it. @throws DomainError INVALID unless it then has `min` to `max` characters */
export function checkedText(field: string, text: string, { min, max }: { min: number; max: number }): string {
  const trimmed = text.trim();
  if (trimmed.length < min || trimmed.length > max)
    throw new DomainError('INVALID', `${field} must have ${min} to ${max} characters, it has ${trimmed.length}.`, {
      path: [field],
    });
  return trimmed;
}

/** Why somebody does something. */
export const reasonLength = { min: 5, max: 500 } as const;

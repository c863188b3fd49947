import type { Role } from '#core/domain/roles.ts';

/** Who may call an operation; ANY is every member. */
export type Policy = Readonly<Record<string, readonly Role[] | 'ANY'>>;

/** What a member may do in a tenant. */
export const roles = [
  'TENANT_ADMIN',
  'COORDINATOR',
  'READER',
  'ADJUDICATOR',
  'ENGINEER',
  'APPROVER',
  'CLINICIAN',
  'AUDITOR',
] as const;
export type Role = (typeof roles)[number];

/** Roles that may be limited to sites; all others hold everywhere. */
export const siteRoles: ReadonlySet<Role> = new Set(['COORDINATOR', 'READER', 'CLINICIAN']);

/** Roles that look at other people's reads, unless they are blind to a task. */
export const oversightRoles: ReadonlySet<Role> = new Set(['COORDINATOR', 'ADJUDICATOR', 'ENGINEER', 'AUDITOR']);

import type { Policy } from '../policy.ts';

export const policy: Policy = {
  rollouts: ['APPROVER', 'ENGINEER', 'AUDITOR', 'TENANT_ADMIN'],
  rolloutCreate: ['APPROVER'],
  rolloutRollback: ['APPROVER'],
};

import type { Policy } from '../policy.ts';

export const policy: Policy = {
  retraining: ['TENANT_ADMIN', 'ENGINEER', 'APPROVER', 'AUDITOR'],
  retrainingSet: ['TENANT_ADMIN', 'ENGINEER'],
  retrainingPause: ['TENANT_ADMIN', 'ENGINEER'],
};

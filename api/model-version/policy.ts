import type { Policy } from '../policy.ts';

export const policy: Policy = {
  modelVersions: ['ENGINEER', 'APPROVER', 'AUDITOR', 'TENANT_ADMIN'],
  modelVersionSubmit: ['ENGINEER'],
  reviewSign: ['APPROVER'],
};

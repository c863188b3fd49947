import type { Policy } from '../policy.ts';

export const policy: Policy = {
  datasets: ['ENGINEER', 'APPROVER', 'AUDITOR'],
  datasetCreate: ['ENGINEER'],
  datasetFreeze: ['ENGINEER'],
};

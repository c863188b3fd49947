import type { Policy } from '../policy.ts';

export const policy: Policy = {
  trainingRuns: ['ENGINEER', 'APPROVER', 'AUDITOR'],
  trainingRunStart: ['ENGINEER'],
  trainingRunCancel: ['ENGINEER'],
};

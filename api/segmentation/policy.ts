import type { Policy } from '../policy.ts';

export const policy: Policy = {
  segmentations: 'ANY',
  requestSegmentation: ['CLINICIAN', 'ENGINEER'],
  segmentationCancel: ['CLINICIAN', 'ENGINEER'],
};

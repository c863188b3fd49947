import type { Policy } from '../policy.ts';

export const policy: Policy = {
  uploads: ['COORDINATOR', 'AUDITOR'],
  uploadCreate: ['COORDINATOR', 'CLINICIAN'],
  uploadPresign: ['COORDINATOR', 'CLINICIAN'],
  uploadComplete: ['COORDINATOR', 'CLINICIAN'],
};

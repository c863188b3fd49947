import type { Policy } from '../policy.ts';

export const policy: Policy = {
  destinations: ['COORDINATOR', 'CLINICIAN', 'TENANT_ADMIN', 'AUDITOR'],
  destinationCreate: ['TENANT_ADMIN'],
  destinationUpdate: ['TENANT_ADMIN'],
  destinationDelete: ['TENANT_ADMIN'],
  segmentationPush: ['CLINICIAN', 'COORDINATOR'],
  deliveryRetry: ['CLINICIAN', 'COORDINATOR'],
};

import type { Policy } from '../policy.ts';

export const policy: Policy = {
  reads: 'ANY',
  readAssign: ['COORDINATOR'],
  readStart: ['READER', 'ADJUDICATOR'],
  revisionSave: ['READER', 'ADJUDICATOR'],
  groundTruthImport: ['COORDINATOR', 'TENANT_ADMIN'],
  readReturn: ['COORDINATOR', 'ADJUDICATOR'],
};

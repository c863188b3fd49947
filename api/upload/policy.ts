import type { Policy } from '../policy.ts';

export const policy: Policy = { uploads: ['COORDINATOR', 'AUDITOR'] };

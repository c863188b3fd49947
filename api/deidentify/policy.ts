import type { Policy } from '../policy.ts';

export const policy: Policy = { deidentificationProfileSet: ['TENANT_ADMIN', 'COORDINATOR'] };

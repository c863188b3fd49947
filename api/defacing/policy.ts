import type { Policy } from '../policy.ts';

export const policy: Policy = { defacingDecide: ['COORDINATOR'] };

import type { Policy } from '../policy.ts';

export const policy: Policy = { agreement: 'ANY' };

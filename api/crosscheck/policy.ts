import type { Policy } from '../policy.ts';

export const policy: Policy = { verdictGive: ['ADJUDICATOR'], readSubmit: ['READER', 'ADJUDICATOR'] };

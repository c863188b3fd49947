import type { Policy } from '../policy.ts';

export const policy: Policy = { verdictGive: ['READER', 'ADJUDICATOR'], readSubmit: ['READER', 'ADJUDICATOR'] };

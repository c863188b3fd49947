import type { Policy } from '../policy.ts';

export const policy: Policy = {
  commentAdd: ['READER', 'ADJUDICATOR', 'COORDINATOR'],
  commentResolve: ['READER', 'ADJUDICATOR', 'COORDINATOR'],
};

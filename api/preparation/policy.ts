import type { Policy } from '../policy.ts';

export const policy: Policy = {
  seriesUpdate: ['COORDINATOR'],
  preparationStart: ['COORDINATOR'],
  preparationJudge: ['COORDINATOR'],
};

import type { Policy } from '../policy.ts';

export const policy: Policy = {
  tasks: 'ANY',
  taskCreate: ['COORDINATOR'],
  taskExclude: ['COORDINATOR'],
  taskReopen: ['COORDINATOR', 'ADJUDICATOR'],
  taskRepeat: ['COORDINATOR'],
  taskPrioritize: ['COORDINATOR'],
};

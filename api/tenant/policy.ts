import type { Policy } from '../policy.ts';

export const policy: Policy = { viewer: 'ANY', node: 'ANY', nodes: 'ANY' };

import type { Policy } from '../policy.ts';

export const policy: Policy = { protocolPublish: ['TENANT_ADMIN'] };

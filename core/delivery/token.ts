import type { DestinationId, TenantId } from '../domain/ids.ts';
import { seal, unseal } from '../seal.ts';

/** Whose token it is. */
export interface TokenOwner {
  readonly tenantId: TenantId;
  readonly destinationId: DestinationId;
  readonly url: string;
}

/** Bound to the origin: neither another row nor another host can be given the token by changing what lies beside it. */
const purposeOf = ({ tenantId, destinationId, url }: TokenOwner): string =>
  `destination token ${tenantId} ${destinationId} ${new URL(url).origin}`;

export const sealToken = (key: Uint8Array, owner: TokenOwner, token: string): string =>
  seal(key, purposeOf(owner), token);

/** Undefined if it was sealed with another key, for another destination or for another host. */
export const unsealToken = (key: Uint8Array, owner: TokenOwner, sealed: string): string | undefined =>
  unseal<string>(key, purposeOf(owner), sealed);

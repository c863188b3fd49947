import { hostOf, mayBeSet } from '#core/delivery/host-rules.ts';
import type { DeliverySettings } from '#core/delivery/settings.ts';
import { DomainError } from '#core/domain/errors.ts';

const greatestLength = 1000;

/**
 * The address of a STOW-RS service as it is stored: without /studies, which is put behind it, and without a slash at its end.
 * @throws DomainError INVALID for what results may not or cannot be sent to
 */
export function checkedAddress(text: string, { hosts }: DeliverySettings): string {
  const refuse = (why: string): never => {
    throw new DomainError('INVALID', why, { path: ['url'] });
  };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('The address must begin with https: or http:.');
  if (url.username || url.password) refuse('The address must not have a name or password in it; give a token instead.');
  if (url.search || url.hash) refuse('The address must end with its path.');
  if (!mayBeSet(hosts, hostOf(url)))
    refuse(
      `The operator of this service does not permit ${hostOf(url)} as a destination; DESTINATION_HOSTS lists what is permitted.`,
    );
  const address = url.href.replace(/\/+$/, '').replace(/\/studies$/, '');
  return address.length > greatestLength ? refuse(`The address has more than ${greatestLength} characters.`) : address;
}

/**
 * A bearer token as it may be sent to the address (RFC 6750 section 2.1).
 * @throws DomainError INVALID for another form, and where everybody on the way could read it
 */
export function checkedToken(token: string, url: string): string {
  const refuse = (why: string): never => {
    throw new DomainError('INVALID', why, { path: ['token'] });
  };
  if (!/^[A-Za-z0-9\-._~+/]{1,4096}=*$/.test(token) || token.length > 4096)
    refuse('A bearer token has at most 4,096 letters, digits and -._~+/, without white space.');
  if (!url.startsWith('https:')) refuse('A token is sent by https only, since everybody on the way could read it.');
  return token;
}

import { BlockList, isIP } from 'node:net';

/** Hosts to which results may be sent, as the operator lists them. */
export interface HostRules {
  /** In lower case; one that begins with a dot stands for all names below it. */
  readonly names: readonly string[];
  readonly ranges: BlockList;
}

/**
 * Addresses that no list opens: a request to them reaches the machine's own network card, a cloud's metadata service, many machines at
 * once, or an IPv4 address in disguise. Link-local 169.254.0.0/16 and fe80::/10 hold most metadata services; the single ones are those
 * of Alibaba Cloud, Azure, Oracle Cloud (192.0.0.192) and Amazon (fd00:ec2::254).
 */
const never = rangesOf([
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32'],
  ...['168.63.129.16/32', '::/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::/32', '64:ff9b::/96', '64:ff9b:1::/48'],
  ...['2001::/32', '2002::/16'],
]);
const loopback = rangesOf(['127.0.0.0/8', '::1/128']);

/**
 * Reads a list such as `pacs.example.org, .clinic.example, 10.20.0.0/16, 192.168.7.4`.
 * @throws Error naming what is neither a name, an address nor a range
 */
export function parseHostRules(text: string): HostRules {
  const entries = text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  const isRange = (entry: string): boolean => isIP(entry.split('/')[0]!) > 0;
  const names = entries.filter((entry) => !isRange(entry));
  const odd = names.find((name) => !/^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name));
  if (odd !== undefined)
    throw new Error(`"${odd}" is neither a host's name, an address nor a range such as 10.0.0.0/8`);
  return { names, ranges: rangesOf(entries.filter(isRange)) };
}

function rangesOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix);
    if (!/^\d*$/.test(prefix ?? '') || prefix === '' || bits > (version === 4 ? 32 : 128))
      throw new Error(`"${entry}" is no range of addresses`);
    list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** The host of an address as it is resolved: without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** True if a destination with this host may be set up; the addresses that a name stands for are looked at when it is connected to. */
export function mayBeSet(rules: HostRules, host: string): boolean {
  return isIP(host) > 0 ? mayConnect(rules, host, host) : isListed(rules, host) || rules.ranges.rules.length > 0;
}

/** True if a connection may be made to an address that the host stands for. This machine itself has to be listed by its address. */
export function mayConnect(rules: HostRules, host: string, address: string): boolean {
  if (isWithin(never, address)) return false;
  return isWithin(rules.ranges, address) || (isListed(rules, host) && !isWithin(loopback, address));
}

const isWithin = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');

const isListed = ({ names }: HostRules, host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, '');
  return names.some((one) => (one.startsWith('.') ? name.endsWith(one) : name === one));
};

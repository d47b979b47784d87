import { isIPv6 } from 'node:net';

const PREFIX_GROUPS = 4;
const SITE_GROUPS = 3;

/**
 * Who counts as one caller by address: an IPv4 address, or an IPv6 network of 64 bits, which one customer has to themself (RFC 6177 §2;
 * whoever has it can send from 2^64 addresses). An IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) is the IPv4 address.
 */
export function callerAddress(ip: string): string {
  const [address = ''] = ip.toLowerCase().split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  // an IPv4 address at the end stands for two groups
  const count = (text: string): number => groups(text).length + (text.includes('.') ? 1 : 0);
  const omitted = address.includes('::') ? 8 - count(head) - count(tail) : 0;
  const all = [...groups(head), ...Array.from({ length: omitted }, () => '0'), ...groups(tail)];
  const prefix = all.slice(0, PREFIX_GROUPS).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${prefix.join(':')}::/64`;
}

/**
 * The site of a caller: of an IPv6 network of 64 bits the 48 bits that one site may have for itself (RFC 6177 §2), so that 65,536 callers
 * of one site are not that many strangers. An IPv4 address is its own.
 * @param caller - of {@link callerAddress}
 */
export function siteOf(caller: string): string {
  if (!caller.endsWith('::/64')) return caller;
  return `${caller.split(':').slice(0, SITE_GROUPS).join(':')}::/48`;
}

/**
 * The site of a caller where connections are counted: as {@link siteOf}, and of an IPv4 address the network of 24 bits, the smallest that is
 * routed by itself. Who shares it only waits for a place; for what is charged an IPv4 address stays its own.
 * @param caller - of {@link callerAddress}
 */
export function connectionSiteOf(caller: string): string {
  const [network] = /^\d+\.\d+\.\d+\./.exec(caller) ?? [];
  return network === undefined ? siteOf(caller) : `${network}0/24`;
}

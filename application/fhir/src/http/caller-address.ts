import { isIPv6 } from 'node:net';

/**
 * Who counts as one caller by address: an IPv4 address, also where IPv6 wraps it; of IPv6 what stands before the last 64 bits, as far as the address spells it
 * out: whoever has such a network can send from 2^64 addresses (RFC 6177 §2).
 */
export function addressOfCaller(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined || !isIPv6(ip)) return mapped ?? ip;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  return `${groups.slice(0, 4).join(':')}${tail !== undefined && groups.length < 4 ? '::' : ''}/64`;
}

import { isIPv6 } from 'node:net';

const GROUPS = 4;

/**
 * Who counts as one sender by address: an IPv4 address, also where IPv6 wraps it, or an IPv6 network of 64 bits, which whoever has it can send from as 2^64
 * addresses (RFC 6177 §2).
 */
export function networkOfAddress(ip: string): string {
  const [address = ''] = ip.toLowerCase().split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));
  const behind = tail === undefined ? [] : groups(tail);
  const omitted = Math.max(0, 8 - groups(head).length - behind.length - (address.includes('.') ? 1 : 0));
  const all = [...groups(head), ...Array.from({ length: tail === undefined ? 0 : omitted }, () => '0'), ...behind];
  return `${all
    .slice(0, GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

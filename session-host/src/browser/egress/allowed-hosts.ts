import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What WhatsApp Web is served from, connects to, and fetches media from. */
export const whatsAppHosts = 'web.whatsapp.com,*.whatsapp.com,*.whatsapp.net';

/** A name of the list, or one below a domain that the list has as `*.domain`. */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => (each.startsWith('*.') ? host.endsWith(each.slice(1)) : host === each));
}

const own = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  own.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  own.addSubnet(network, prefix, 'ipv6');

/** Not of this machine, its networks, or the services that a cloud has at link-local addresses. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !own.check(address, 'ipv4');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return isPublicAddress(mapped);
  return isIPv6(address) && !own.check(address, 'ipv6');
}

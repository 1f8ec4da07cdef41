import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

interface HttpEvent {
  headers?: Record<string, string | undefined>;
  requestContext: { http?: { sourceIp?: string }; identity?: { sourceIp?: string } };
}

/**
 * Returns a key for the address of the client that sent a request. The key is a hash, so that no address is stored.
 *
 * Without the CloudFront distribution, the client is API Gateway's peer, whose address cannot be forged. Behind the
 * distribution, the peer is an edge server of CloudFront, so the address is read from `X-Forwarded-For`. The edge
 * server appends the client's address to this header, and API Gateway may then append the edge server's address.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomIPAddresses
 *
 * @param throughDistribution whether the request proved that it came through the distribution; otherwise anybody could
 *   have set the header
 */
export function addressKey(event: unknown, throughDistribution: boolean): string {
  const network = networkOf(sourceAddress(event as HttpEvent, throughDistribution));
  return `ip:${createHash('sha256').update(network).digest('base64url').slice(0, 22)}`;
}

export function sourceAddress({ headers = {}, requestContext }: HttpEvent, throughDistribution: boolean): string {
  const peer = requestContext.http?.sourceIp ?? requestContext.identity?.sourceIp ?? '';
  const header = (name: string) => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (!throughDistribution) return peer;
  const hops = (header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
  // Removes the entry that API Gateway may have appended.
  if (hops.at(-1) === peer) hops.pop();
  const viewer = hops.at(-1) ?? '';
  return isIPv4(viewer) || isIPv6(viewer) ? viewer : peer;
}

/** Cuts an IPv6 address to its /64 network, because a subscriber has at least one whole /64 (RFC 6177, section 2). */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const { hostname } = new URL(`http://[${address.split('%')[0]}]`);
  const [head = '', tail = ''] = hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail.split(':').filter(Boolean);
  const all = hostname.includes('::')
    ? [...groups, ...Array(8 - groups.length - rest.length).fill('0'), ...rest]
    : groups;
  return all.slice(0, 4).join(':');
}

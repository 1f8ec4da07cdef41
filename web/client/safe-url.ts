/** `localhost`, a subdomain of it, or a loopback address as the URL parser spells it. */
const LOOPBACK = /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/;

/**
 * Whether an address may be followed: it is encrypted (`https:`, `wss:`), or it stays on this machine. Addresses come
 * from an issuer's discovery document, from `/config` or from another page, so `javascript:`, `data:` and plain HTTP
 * are not followed.
 */
export function isSafeUrl(address: unknown): boolean {
  const { protocol = '', hostname = '' } = URL.parse(String(address)) ?? {};
  return /^(https|wss):$/.test(protocol) || (/^(http|ws):$/.test(protocol) && LOOPBACK.test(hostname));
}

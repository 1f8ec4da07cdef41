/** Matches `localhost`, its subdomains, and loopback addresses as the URL parser spells them. */
const LOOPBACK = /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/;

/**
 * Whether an address may be followed: it is encrypted (`https:`, `wss:`), or it stays on this machine. The check is
 * needed because some addresses come from an issuer's discovery document, from `/config` or from another page. It
 * refuses, for example, `javascript:` and plain HTTP to other machines.
 */
export function isSafeUrl(address: unknown): boolean {
  const { protocol = '', hostname = '' } = URL.parse(String(address)) ?? {};
  return /^(https|wss):$/.test(protocol) || (/^(http|ws):$/.test(protocol) && LOOPBACK.test(hostname));
}

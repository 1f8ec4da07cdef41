/** Matches an origin of this machine, without a port. */
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Whether an entry of a list of origins is a pattern such as `http://localhost:*`, which allows any port of this
 * machine. The only other pattern that a list may hold is `*`.
 */
export function isLoopbackPattern(entry: string): boolean {
  return entry.endsWith(':*') && LOOPBACK.test(entry.slice(0, -2));
}

/** Whether pages of `origin` may connect: if an entry equals `origin`, or is a pattern that matches it. */
export function allowsOrigin(list: readonly string[], origin: string): boolean {
  if (list.includes('*') || list.includes(origin)) return true;
  const host = origin.replace(/:\d{1,5}$/, '');
  return LOOPBACK.test(host) && list.includes(`${host}:*`);
}

/** Matches the origin of a page on the visitor's own machine, without a port. */
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Whether an entry of a list of origins is a pattern such as `http://localhost:*`, which allows any port. The only
 * other pattern that a list may hold is `*`.
 */
export function isLoopbackPattern(entry: string): boolean {
  return entry.endsWith(':*') && LOOPBACK.test(entry.slice(0, -2));
}

/** Whether pages of `origin` may connect. An entry of the list must equal `origin` or be a pattern that matches it. */
export function allowsOrigin(list: readonly string[], origin: string): boolean {
  if (list.includes('*') || list.includes(origin)) return true;
  const host = origin.replace(/:\d{1,5}$/, '');
  return LOOPBACK.test(host) && list.includes(`${host}:*`);
}

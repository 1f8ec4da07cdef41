/**
 * Exponential backoff with full jitter: anywhere between nothing and the ceiling, so that clients which lost the server
 * together do not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function fullJitter(attempt: number, random: () => number, base = 1_000, cap = 30_000): number {
  return random() * Math.min(cap, base * 2 ** attempt);
}

import { attempt } from '../../client/attempt.ts';
import { serverOf } from '../../client/server.ts';

/** Where a sign-in is remembered: in its `tab`, in every tab of this browser (`device`), or nowhere (`no`). */
export type Remember = 'tab' | 'device' | 'no';

/**
 * Returns the browser's storage for `remember`. Undefined for `no`, and if the browser blocks the storage, as in a
 * sandboxed iframe.
 */
export function storageFor(remember: Remember): Storage | undefined {
  return remember === 'no' ? undefined : attempt(() => (remember === 'device' ? localStorage : sessionStorage));
}

/** Returns the storage key of the sign-in at a server. All boxes of the server share the sign-in. */
export const keyOf = (server: string): string => `shout-box:session:${serverOf(server)}`;

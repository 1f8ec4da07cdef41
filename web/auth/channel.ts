import { attempt } from '../client/attempt.ts';

/** Opens a channel to pages of the same origin. Undefined if the browser blocks it, as Firefox does with cookies off. */
export const openChannel = (name: string): BroadcastChannel | undefined => attempt(() => new BroadcastChannel(name));

import type { ErrorFrame } from '../schema.generated.ts';

/**
 * The last frame to a connection that is closed because its person has opened too many connections. A client that
 * receives this frame does not reconnect until somebody uses its page.
 */
export const replaced: ErrorFrame = {
  type: 'error',
  code: 'replaced',
  message: 'You have opened more connections than allowed. This one, the oldest, is closed.',
};

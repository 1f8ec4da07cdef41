import type { ErrorFrame } from '../schema.generated.ts';

/** Tells a connection why it is closed. Its client does not connect again by itself, only when its page is used. */
export const replaced: ErrorFrame = {
  type: 'error',
  code: 'replaced',
  message: 'You have opened more connections than allowed. This one, the oldest, is closed.',
};

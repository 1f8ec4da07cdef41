import type { Actor, Message } from '../../src/domain/schema.generated.ts';
import type { ConnectionState } from './client.ts';

/** The events that the element dispatches. All of them bubble and cross shadow roots. */
export interface ShoutBoxEvents {
  'shout-state': CustomEvent<{
    connectionState: ConnectionState;
    /** Number of other people's messages that have come since the box opened and have not been visible. */
    unread: number;
    room: string;
    user: Actor | undefined;
  }>;
  'shout-message': CustomEvent<{ message: Message }>;
  /** A message is about to be sent. A listener may change `detail.text`, or call `preventDefault()` to stop it. */
  'shout-before-send': CustomEvent<{ text: string }>;
  'shout-error': CustomEvent<{ code: string; message: string }>;
  'shout-auth': CustomEvent<{ user: Actor | undefined }>;
}

declare global {
  interface HTMLElementEventMap extends ShoutBoxEvents {}
}

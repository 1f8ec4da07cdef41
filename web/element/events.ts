import type { Actor, Message } from '../../src/domain/schema.generated.ts';
import type { ConnectionState } from './client.ts';

/** What the element dispatches; all of it bubbles and crosses shadow roots. */
export interface ShoutBoxEvents {
  'shout-state': CustomEvent<{
    connectionState: ConnectionState;
    /** Number of other people's messages that have not been visible. */
    unread: number;
    room: string;
    user: Actor | undefined;
  }>;
  'shout-message': CustomEvent<{ message: Message }>;
  /** Change `detail.text`, or prevent it. */
  'shout-before-send': CustomEvent<{ text: string }>;
  'shout-error': CustomEvent<{ code: string; message: string }>;
  'shout-auth': CustomEvent<{ user: Actor | undefined }>;
}

declare global {
  interface HTMLElementEventMap extends ShoutBoxEvents {}
}

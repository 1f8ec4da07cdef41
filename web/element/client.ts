import type { EventId } from '../../src/domain/schema.generated.ts';
import type { Outbox } from '../client/outbox.ts';
import type { Change, Snapshot } from '../client/snapshot.ts';

export type { Change, ConnectionState, Outgoing, Snapshot } from '../client/snapshot.ts';

/** What the element needs of `RoomClient`; the gallery puts made-up data behind it. */
export interface Client {
  readonly snapshot: Snapshot;
  subscribe(listener: (change: Change) => void): () => void;
  speak(Way: typeof Outbox): void;
  open(): void;
  close(): void;
  post(text: string): string;
  retry(clientMessageId: string): void;
  discard(clientMessageId: string): void;
  delete(id: EventId): void;
  loadOlder(): Promise<void>;
  wake(): void;
  refreshToken(): Promise<void>;
}

import type { Change, Command, Snapshot } from '../client/snapshot.ts';

export type { Change, Command, ConnectionState, Failure, Outgoing, Snapshot } from '../client/snapshot.ts';

/** The part of `ShoutClient` that the element uses. The gallery's client implements it with made-up data. */
export interface Client {
  readonly snapshot: Snapshot;
  subscribe(listener: (change: Change) => void): () => void;
  open(): void;
  close(): void;
  prepare(): Promise<void>;
  send(command: Command): string;
  post(text: string): string;
  retry(clientMessageId: string): void;
  discard(clientMessageId: string): void;
  clear(person?: string): void;
  get(path: string, query?: Readonly<Record<string, string | number | undefined>>): Promise<unknown>;
  loadOlder(): Promise<void>;
  wake(): void;
  use(): void;
  refreshToken(): Promise<void>;
}

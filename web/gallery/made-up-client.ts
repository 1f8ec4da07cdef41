import { emptyFeed, evolve, mergePage } from '../../src/domain/feed/feed.ts';
import type { Actor, Message, SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { Change, Client, Command, Outgoing, Snapshot } from '../element/client.ts';

const base: Snapshot = {
  feed: emptyFeed,
  outgoing: [],
  connection: 'live',
  config: {
    webSocketUrl: 'wss://shout.example',
    issuer: 'https://id.example',
    clientId: 'gallery',
    audience: 'shout-box',
    scope: 'openid',
    nameClaim: 'name',
    guests: true,
    limits: { textGraphemes: 500, textBytes: 2048, pageSize: 100 },
  },
  position: { epoch: 'gallery', last: 0 },
  hasOlder: false,
  loadingOlder: false,
  rateLimitedUntil: undefined,
  signedIn: true,
  person: undefined,
  role: undefined,
  people: 12,
  tokenRefused: false,
  barred: undefined,
};

export interface MadeUp {
  messages?: readonly Message[];
  snapshot?: Partial<Snapshot>;
  /** The person who uses the box. */
  me?: Actor;
  /** Returns the messages that `loadOlder` adds. */
  older?: () => readonly Message[];
  /** Answers of the HTTP API, by path. */
  pages?: Readonly<Record<string, unknown>>;
}

/** A client without a server. It shows the given messages, and accepts one person's commands. */
export class MadeUpClient implements Client {
  snapshot: Snapshot;
  readonly calls: string[] = [];
  /** The commands that were sent, except messages. */
  readonly sent: Command[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #madeUp: MadeUp;
  #sent = 0;

  constructor(madeUp: MadeUp) {
    this.#madeUp = madeUp;
    this.snapshot = { ...base, feed: mergePage(emptyFeed, madeUp.messages ?? []), ...madeUp.snapshot };
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async prepare(): Promise<void> {
    this.calls.push('prepare');
  }

  open(): void {
    this.calls.push('open');
    this.change({});
  }

  close(): void {
    this.calls.push('close');
  }

  use(): void {
    this.calls.push('use');
  }

  wake(): void {
    this.calls.push('wake');
  }

  async refreshToken(): Promise<void> {
    this.calls.push('refreshToken');
  }

  post(text: string): string {
    const clientMessageId = `sent-${++this.#sent}`;
    const outgoing: Outgoing = { clientMessageId, text, at: Date.now(), state: 'sending' };
    this.change({ outgoing: [...this.snapshot.outgoing, outgoing] });
    setTimeout(() => this.#arrive(outgoing), 400);
    return clientMessageId;
  }

  retry(clientMessageId: string): void {
    const outgoing = this.snapshot.outgoing.find((entry) => entry.clientMessageId === clientMessageId);
    this.discard(clientMessageId);
    if (outgoing) this.post(outgoing.text);
  }

  discard(clientMessageId: string): void {
    this.change({ outgoing: this.snapshot.outgoing.filter((entry) => entry.clientMessageId !== clientMessageId) });
  }

  clear(): void {
    this.change({ outgoing: [] });
  }

  send(command: Command): string {
    if (command.action === 'sendMessage') return this.post(command.text);
    const actor = this.#me;
    const clientMessageId = `command-${++this.#sent}`;
    this.sent.push(command);
    if (command.action !== 'deleteMessage') return clientMessageId;
    const { target } = command;
    this.arrive({
      actor,
      id: `${actor.id}:${clientMessageId}`,
      type: 'MessageDeleted',
      data: { target, by: actor.id },
    });
    return clientMessageId;
  }

  async get(path: string): Promise<unknown> {
    this.calls.push(path);
    return this.#madeUp.pages?.[path];
  }

  async loadOlder(): Promise<void> {
    const older = this.#madeUp.older?.() ?? [];
    this.change({ feed: mergePage(this.snapshot.feed, older) });
  }

  /** Gives the event the next number, and shows it as if the server had pushed it. */
  arrive(event: Omit<SequencedEvent, 'seq' | 'at'> & { at?: number }): void {
    const seq = Math.max(this.snapshot.position.last, this.snapshot.feed.messages[0]?.seq ?? 0) + 1;
    const arrived = { at: Date.now(), ...event, seq } as SequencedEvent;
    this.change({ feed: evolve(this.snapshot.feed, arrived), position: { epoch: 'gallery', last: seq } }, [arrived]);
  }

  change(changes: Partial<Snapshot>, arrived: readonly SequencedEvent[] = []): void {
    this.snapshot = { ...this.snapshot, ...changes };
    for (const listener of this.#listeners) listener({ snapshot: this.snapshot, arrived, reset: false });
  }

  get #me(): Actor {
    return this.#madeUp.me ?? { id: '', name: '' };
  }

  #arrive({ clientMessageId, text }: Outgoing): void {
    const actor = this.#me;
    const outgoing = this.snapshot.outgoing.filter((entry) => entry.clientMessageId !== clientMessageId);
    this.snapshot = { ...this.snapshot, outgoing };
    this.arrive({ actor, id: `${actor.id}:${clientMessageId}`, type: 'MessagePosted', data: { text } });
  }
}

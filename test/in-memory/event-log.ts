import { ShoutError } from '../../src/domain/errors.ts';
import type { Assignment, EventLog, Head, NewEvent } from '../../src/domain/ports/event-log.ts';
import type { EventId, SequencedEvent } from '../../src/domain/schema.generated.ts';

type Stored = NewEvent & { seq?: number; deleted?: true };

interface Room {
  readonly items: Map<EventId, Stored>;
  head: Head | undefined;
  /** What the index shows, ascending by number; it may lag item by item. */
  index: SequencedEvent[];
  behind: Set<EventId>;
}

interface Options {
  /** Whether the index gets to know this item only when it catches up. */
  lags?: (event: NewEvent) => boolean;
  /** Every append, in order: what the table's stream would tell. */
  appended?: (event: NewEvent) => void;
}

/** The event log as plain data, with DynamoDB's guarantees and no more than those: see test/contracts/event-log.ts. */
export class InMemoryEventLog implements EventLog {
  readonly #rooms = new Map<string, Room>();
  readonly #options: Options;
  #epochs = 0;

  constructor(options: Options = {}) {
    this.#options = options;
  }

  async append(event: NewEvent): Promise<'appended' | 'duplicate'> {
    const room = this.#room(event.room);
    const known = room.items.get(event.id);
    if (known) return duplicateOrConflict(known, event);
    this.#write(room, event);
    this.#options.appended?.(event);
    return 'appended';
  }

  async appendDeletion(event: NewEvent, target: EventId): Promise<'appended' | 'duplicate'> {
    const room = this.#room(event.room);
    const known = room.items.get(event.id);
    if (known) return duplicateOrConflict(known, event);
    const message = room.items.get(target);
    if (message?.type !== 'MessagePosted') {
      throw new ShoutError('invalid_message', 'There is no such message in this room.');
    }
    this.#write(room, { ...message, data: {}, deleted: true });
    return this.append(event);
  }

  async head(name: string): Promise<Head> {
    const room = this.#room(name);
    return room.head || room.index.length > 0 ? this.openHead(name) : { epoch: '', seq: 0 };
  }

  async openHead(name: string): Promise<Head> {
    const room = this.#room(name);
    room.head ??= { epoch: `epoch-${++this.#epochs}`, seq: room.index.at(-1)?.seq ?? 0 };
    return room.head;
  }

  async assign(name: string, head: Head, ids: readonly EventId[]): Promise<Assignment> {
    const room = this.#room(name);
    const items = ids.map((id) => room.items.get(id));
    const absent = new Set(ids.filter((_, i) => !items[i]));
    const numbered = new Map(items.flatMap((item) => (item?.seq === undefined ? [] : [[item.id, item.seq] as const])));
    if (absent.size > 0 || numbered.size > 0) return { kind: 'known', numbered, absent };
    if (room.head?.seq !== head.seq || room.head.epoch !== head.epoch) return { kind: 'conflict' };
    room.head = { ...head, seq: head.seq + ids.length };
    for (const [i, item] of items.entries()) this.#write(room, { ...item!, seq: head.seq + 1 + i });
    return { kind: 'assigned' };
  }

  async readBefore(room: string, before = Number.POSITIVE_INFINITY, limit: number): Promise<SequencedEvent[]> {
    const below = this.#room(room).index.filter(({ seq }) => seq < before);
    return below.slice(-limit).reverse();
  }

  async readAfter(room: string, after: number, limit: number): Promise<SequencedEvent[]> {
    return this.#room(room)
      .index.filter(({ seq }) => seq > after)
      .slice(0, limit);
  }

  /** Lets the index show everything. */
  catchUp(): void {
    for (const room of this.#rooms.values()) {
      for (const id of room.behind) show(room, room.items.get(id)!);
      room.behind.clear();
    }
  }

  /** As if the State table lost the row of this room. */
  loseHead(room: string): void {
    this.#room(room).head = undefined;
  }

  #write(room: Room, item: Stored): void {
    room.items.set(item.id, item);
    if (room.behind.has(item.id) || this.#options.lags?.(item)) room.behind.add(item.id);
    else show(room, item);
  }

  #room(name: string): Room {
    let room = this.#rooms.get(name);
    if (!room) {
      room = { items: new Map(), head: undefined, index: [], behind: new Set() };
      this.#rooms.set(name, room);
    }
    return room;
  }
}

function show(room: Room, { seq, id, type, at, actor, data }: Stored): void {
  if (seq === undefined) return;
  const others = room.index.filter((event) => event.id !== id);
  room.index = [...others, { seq, id, type, at, actor, data }].sort((a, b) => a.seq - b.seq);
}

function duplicateOrConflict(known: Stored, event: NewEvent): 'duplicate' {
  const same = known.deleted || JSON.stringify(known.data) === JSON.stringify(event.data);
  if (known.type === event.type && same) return 'duplicate';
  throw new ShoutError('conflict', 'This clientMessageId was used for another message.');
}

import { HIDDEN } from '../../src/domain/governance/hide.ts';
import { noRules, type Rules, type Verdict } from '../../src/domain/governance/rules.ts';
import { voidedBy } from '../../src/domain/governance/verdict.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type {
  Appended,
  Assignment,
  EventLog,
  Head,
  HiddenMessages,
  NewEvent,
  NumberedEvent,
  StoredEvent,
} from '../../src/domain/ports/event-log.ts';
import type { ActorId, EventId } from '../../src/domain/schema.generated.ts';

interface Room {
  readonly items: Map<EventId, StoredEvent>;
  head: Head | undefined;
  rules: Rules;
  /** What the index shows, ascending by number. Of an event in `behind`, it shows an old version or nothing. */
  index: NumberedEvent[];
  behind: Set<EventId>;
}

interface Options {
  /** Returns whether the index shows this event only after `catchUp`. */
  lags?: (event: NewEvent) => boolean;
  /** Called with every appended event, in order, like the consumer of the table's stream. */
  appended?: (event: NewEvent) => void;
  now?: Clock;
  keptMs?: number;
}

/** How many numbers a rebuilt head skips, because the index may not show the newest numbers yet. */
const HEADROOM = 1_000;

/** Keeps an event log in memory, with the guarantees of the log on DynamoDB (test/contracts/event-log.ts). */
export class InMemoryEventLog implements EventLog {
  readonly batchSize = 90;
  readonly now: Clock;
  readonly #rooms = new Map<string, Room>();
  readonly #options: Options;
  #epochs = 0;

  constructor(options: Options = {}) {
    this.#options = options;
    this.now = options.now ?? (() => 0);
  }

  async find(room: string, id: EventId): Promise<StoredEvent | undefined> {
    return this.#room(room).items.get(id);
  }

  async append(event: NewEvent, amended?: StoredEvent): Promise<Appended> {
    const room = this.#room(event.room);
    const found = room.items.get(event.id);
    if (found) return { kind: 'duplicate', found };
    if (amended) {
      const target = room.items.get(amended.id);
      if (!target || target.revision !== amended.revision) return { kind: 'stale' };
      this.#write(room, { ...target, data: amended.data, revision: (target.revision ?? 0) + 1 } as StoredEvent);
    }
    this.#write(room, event);
    this.#options.appended?.(event);
    return { kind: 'appended' };
  }

  async head(name: string): Promise<Head> {
    const room = this.#room(name);
    return room.head || room.index.length > 0 ? this.openHead(name) : { epoch: '', seq: 0, numberedAt: 0 };
  }

  async openHead(name: string): Promise<Head> {
    const room = this.#room(name);
    const last = room.index.at(-1)?.seq ?? 0;
    if (!room.head || room.head.seq < last) {
      const given = last > 0 ? last + HEADROOM : lastOf(room);
      const { at } = room.rules;
      const rulesAt = at > 0 ? { rulesAt: at } : {};
      const seq = Math.max(given, at);
      room.head = { epoch: `epoch-${++this.#epochs}`, seq, numberedAt: this.now(), ...rulesAt };
    }
    return room.head;
  }

  async raiseFloor(name: string, { epoch }: Head, floor: number): Promise<void> {
    const room = this.#room(name);
    if (room.head?.epoch === epoch && floor > (room.head.floor ?? 0)) room.head = { ...room.head, floor };
  }

  async rules(room: string): Promise<Rules> {
    return this.#room(room).rules;
  }

  async assign(name: string, head: Head, events: readonly StoredEvent[], verdict: Verdict): Promise<Assignment> {
    const room = this.#room(name);
    const absent = new Set(events.map(({ id }) => id).filter((id) => !room.items.has(id)));
    const found = new Map<EventId, StoredEvent>();
    for (const { id, revision } of events) {
      const item = room.items.get(id);
      if (item && (item.seq !== undefined || item.revision !== revision)) found.set(id, item);
    }
    if (absent.size > 0 || found.size > 0) return { kind: 'known', found, absent };
    if (room.head?.seq !== head.seq || room.head.epoch !== head.epoch) return { kind: 'conflict' };
    const { before, after, voided } = verdict;
    if (before !== after && room.rules.at !== before.at) return { kind: 'conflict' };
    const numberedAt = this.now();
    const { keptMs } = this.#options;
    const expires = keptMs === undefined ? {} : { expiresAt: Math.ceil((numberedAt + keptMs) / 1_000) };
    room.rules = after;
    room.head = {
      ...{ ...room.head, seq: head.seq + events.length, numberedAt },
      ...(after.at > 0 ? { rulesAt: after.at } : {}),
    };
    for (const [i, { id }] of events.entries()) {
      const item = room.items.get(id)!;
      const revision = voided.has(id) ? { revision: (item.revision ?? 0) + 1 } : {};
      this.#write(room, { ...voidedBy(verdict, item), ...revision, seq: head.seq + 1 + i, numberedAt, ...expires });
    }
    return { kind: 'assigned' };
  }

  async readBefore(room: string, before = Number.POSITIVE_INFINITY, limit: number): Promise<NumberedEvent[]> {
    const below = this.#room(room).index.filter(({ seq }) => seq < before);
    return below.slice(-limit).reverse();
  }

  async readAfter(room: string, after: number, limit: number): Promise<NumberedEvent[]> {
    return this.#room(room)
      .index.filter(({ seq }) => seq > after)
      .slice(0, limit);
  }

  async scrub(name: string, { person, before, always }: HiddenMessages): Promise<void> {
    const room = this.#room(name);
    for (const item of [...room.items.values()]) {
      const { id, seq = before, actor, data, revision = 0 } = item;
      if (!id.startsWith(`${person}:`) || seq >= before || !('text' in data) || (actor.role && !always)) continue;
      this.#write(room, { ...item, data: HIDDEN, revision: revision + 1 } as StoredEvent);
    }
  }

  async nameOf(room: string, person: ActorId): Promise<string | undefined> {
    return [...this.#room(room).items.values()].find(({ actor }) => actor.id === person)?.actor.name;
  }

  /** Lets the index show everything. */
  catchUp(): void {
    for (const room of this.#rooms.values()) {
      for (const id of room.behind) show(room, room.items.get(id)!);
      room.behind.clear();
    }
  }

  /** Sets or removes the room's head, as if the State table had been restored from an old backup, or lost. */
  restoreHead(room: string, head: Head | undefined): void {
    this.#room(room).head = head;
  }

  /** Deletes an item, as an operator would. */
  delete(name: string, id: EventId): void {
    const room = this.#room(name);
    room.items.delete(id);
    room.behind.delete(id);
    room.index = room.index.filter((event) => event.id !== id);
  }

  #write(room: Room, item: StoredEvent): void {
    room.items.set(item.id, item);
    if (room.behind.has(item.id) || this.#options.lags?.(item)) room.behind.add(item.id);
    else show(room, item);
  }

  #room(name: string): Room {
    let room = this.#rooms.get(name);
    if (!room) {
      room = { items: new Map(), head: undefined, rules: noRules, index: [], behind: new Set() };
      this.#rooms.set(name, room);
    }
    return room;
  }
}

/** Returns the highest number in the room, even if the index does not show it yet. */
function lastOf({ items }: Room): number {
  return Math.max(0, ...[...items.values()].map(({ seq = 0 }) => seq));
}

function show(room: Room, { seq, id, type, at, actor, data, numberedAt = 0, expiresAt }: StoredEvent): void {
  if (seq === undefined) return;
  const others = room.index.filter((event) => event.id !== id);
  room.index = [
    ...others,
    { seq, id, type, at, actor, data, numberedAt, ...(expiresAt && { expiresAt }) } as NumberedEvent,
  ].sort((a, b) => a.seq - b.seq);
}

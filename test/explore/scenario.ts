import type { EventId } from '../../src/domain/schema.generated.ts';

/** Faults, and other things that may happen at any moment. `Scenario.atMost` says how often each may happen. */
export const HAPPENINGS = [
  /** A fan-out (an invocation of the stream's function) dies between two calls; its records are delivered again. */
  'crash',
  /** Records that a fan-out has served, or is serving, are delivered again. */
  'redelivery',
  /** A frame is lost on its way to one reader. */
  'lostPost',
  /** An answer to a client is lost, such as an ack, a page or a pong. */
  'lostAnswer',
  /** The database refuses a request (throttled). */
  'refusal',
  /** The database makes a write, but its answer is lost. */
  'unknownWrite',
  /** The index of events by number shows a change of an item late. */
  'lag',
  /** A reader connects, or comes back. */
  'join',
  /** A reader's socket is cut. */
  'leave',
  /** The row of the room's head, which has its epoch and its last number, is lost. */
  'lostHead',
  /** A client's timer runs out early, while other steps are still possible. */
  'early',
  /** A reader pings. */
  'ping',
  /** A reader asks for older messages. */
  'scroll',
] as const;

export type Happening = (typeof HAPPENINGS)[number];

export type Said =
  | { action: 'sendMessage'; text: string; clientMessageId: string }
  | { action: 'deleteMessage'; target: EventId; clientMessageId: string }
  | { action: 'banPerson'; person: string; hide?: true; clientMessageId: string }
  | { action: 'unbanPerson'; person: string; clientMessageId: string };

export interface Writer {
  actor: keyof typeof actors;
  /** Commands, sent one after the other. */
  says: readonly Said[];
}

export interface Reader {
  /** `true` if the reader is connected and has loaded a page in the first state. Otherwise it may connect later. */
  present: boolean;
}

export interface Scenario {
  name: string;
  /** Describes the scenario in a sentence or two. */
  about: string;
  writers: readonly Writer[];
  readers: readonly Reader[];
  /** Maximum number of fan-outs that run at the same time. */
  fanOuts: number;
  /** Whether the stream may also deliver the waiting records in reverse, or each alone. */
  anyOrder?: boolean;
  /** Maximum number of messages on a page, and of events in one answer. */
  pageSize?: number;
  /** Number of messages that exist, and have numbers, in the first state. */
  given?: number;
  atMost: Partial<Record<Happening, number>>;
}

/** Returns how often each happening may still occur, packed into one number with two bits for each. */
export function budgetOf(atMost: Scenario['atMost']): number {
  return HAPPENINGS.reduce((packed, name, place) => packed | ((atMost[name] ?? 0) << (2 * place)), 0);
}

const shifts = new Map(HAPPENINGS.map((name, place) => [name, 2 * place]));

export function left(budget: number, name: Happening): number {
  return (budget >> shifts.get(name)!) & 3;
}

export function spend(budget: number, name: Happening, times = 1): number {
  return budget - (times << shifts.get(name)!);
}

export const actors = {
  ann: { id: 'ann'.padEnd(22, '-'), name: 'Ann' },
  bob: { id: 'bob'.padEnd(22, '-'), name: 'Bob' },
  mod: { id: 'mod'.padEnd(22, '-'), name: 'Moderator', role: 'moderator' },
} as const;

export function idOf(actor: keyof typeof actors, clientMessageId: string): EventId {
  return `${actors[actor].id}:${clientMessageId}`;
}

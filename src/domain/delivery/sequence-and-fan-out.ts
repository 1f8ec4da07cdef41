import type { Sequenced } from '../numbering/sequence.ts';
import { sequenceAll } from '../numbering/sequence-all.ts';
import type { StartTimer } from '../ports/clock.ts';
import type { Connections } from '../ports/connections.ts';
import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { Frame } from '../ports/gateway.ts';
import type { LastCount, People } from '../ports/people.ts';
import type { Delivery } from '../ports/workers.ts';
import { allEnded } from './all-ended.ts';
import { type Budget, startBudget, untilAborted } from './budget.ts';
import { closeBanned } from './close-banned.ts';
import { newDelivery } from './delivery.ts';
import { type FanOutPorts, fanOut } from './fan-out.ts';
import { encodeRound } from './frames.ts';
import { fanOutInSlices, type LargeRooms, readUpTo } from './large-room.ts';
import { scrubHidden } from './scrub-hidden.ts';

/**
 * Time reserved for an attempt to number events, ms. An attempt starts only if the invocation has more time left than
 * this. An attempt is usually three requests: head, rules, numbering. Each request can take 12 s with all its retries,
 * plus the waits between them (src/infra/dynamodb/client.ts).
 */
export const ATTEMPT_MS = 45_000;

/** Minimum time between two writes of a room's count of people, ms. */
const APART_MS = 1_000;
/** Age at which an unchanged count is written again, ms, so that pings find a fresh one. */
const CONFIRM_MS = 30_000;

export interface SequenceAndFanOutPorts extends FanOutPorts {
  log: Pick<EventLog, 'batchSize' | 'openHead' | 'rules' | 'assign' | 'scrub'>;
  connections: Pick<Connections, 'inRoom' | 'forget' | 'ofPerson' | 'remove'>;
  /** Number of connections that are posted to at the same time. */
  concurrency: number;
  startTimer: StartTimer;
  largeRooms?: LargeRooms;
  /** Whether everyone may read a room. A ban in such a room closes no connection: the person may go on reading. */
  isForEveryone: (room: string) => boolean;
  /** The counts of people; absent if they are neither posted nor stored. */
  people?: People;
}

/**
 * Numbers new events of a room, and posts them to everyone who is in the room. Also scrubs texts that the events hide,
 * and closes connections of people whom the events ban, unless everyone may read the room. One call is a round.
 *
 * @param events in the order in which they should be numbered
 * @param remaining returns the time until the invocation ends, ms; the delivery ends before the invocation does
 * @throws if events cannot be numbered, connections cannot be listed, or texts cannot be scrubbed; the call may then
 *   be repeated
 */
export async function sequenceAndFanOut(
  room: string,
  events: readonly StoredEvent[],
  ports: SequenceAndFanOutPorts,
  remaining: () => number,
): Promise<{ sequenced: Sequenced; delivery: Delivery }> {
  const [sequenced, count] = await Promise.all([
    sequenceAll(ports.log, room, events, () => remaining() > ATTEMPT_MS),
    // Reads the count in parallel with numbering, which normally takes longer. Events can be posted without a count, so
    // a failure is ignored.
    ports.people?.find(room).catch(() => undefined),
  ]);
  const frames = encodeRound(room, sequenced.epoch, sequenced.events, count?.people);
  if (frames.length === 0) return { sequenced, delivery: newDelivery() };
  const budget = startBudget(remaining(), ports);
  try {
    const closing = ports.isForEveryone(room) ? undefined : closeBanned(room, sequenced.events, sequenced.rules, ports);
    const scrubbing = scrubHidden(room, sequenced.events, ports.log, remaining);
    const [delivery] = await allEnded([fanOutToRoom(room, frames, ports, budget), closing, scrubbing]);
    if (!budget.signal.aborted) await keepCount(room, delivery, count, ports);
    return { sequenced, delivery };
  } finally {
    budget.end();
  }
}

/**
 * Stores the number of connections if it has changed, or if the stored count is half a minute old, but at most once a
 * second. The delivery has listed all connections, so counting costs no read.
 */
async function keepCount(
  room: string,
  { delivered, failed }: Delivery,
  before: LastCount | undefined,
  { people, now }: SequenceAndFanOutPorts,
): Promise<void> {
  const count = { people: delivered + failed, at: now() };
  const isNews = before === undefined || before.people !== count.people || count.at - before.at >= CONFIRM_MS;
  if (!isNews || count.at - (before?.at ?? 0) < APART_MS) return;
  await people?.keep(room, count).catch(() => undefined);
}

async function fanOutToRoom(
  room: string,
  frames: readonly Frame[],
  ports: SequenceAndFanOutPorts,
  budget: Budget,
): Promise<Delivery> {
  const { connections, concurrency, largeRooms } = ports;
  const { signal } = budget;
  const pages = untilAborted(connections.inRoom(room, signal), signal);
  if (!largeRooms) return fanOut(pages, frames, concurrency, ports, signal);
  const { first, rest } = await readUpTo(largeRooms.threshold, pages);
  if (rest) return fanOutInSlices(first, rest, frames, largeRooms, budget);
  return fanOut(single(first), frames, concurrency, ports, signal);
}

async function* single<T>(page: T): AsyncGenerator<T> {
  yield page;
}

import { ShoutError } from '../errors.ts';
import type { EventLog, NewEvent } from '../ports/event-log.ts';
import type { EventId, SequencedEvent } from '../schema.generated.ts';

/** TransactWriteItems takes 100 items: the head and up to 90 events leave room to grow. */
export const MAX_BATCH = 90;

/** Every lost race means somebody else made progress; so many in a row mean something is wrong. */
const MAX_ATTEMPTS = 20;

export interface Sequenced {
  epoch: string;
  /** Ascending by seq. */
  events: SequencedEvent[];
  /** How many of them got their number now; the others were redelivered. */
  assigned: number;
}

/**
 * Gives each event of one room its place. DynamoDB Streams orders records per item only and delivers at least once,
 * so the stream says *that* there are events, and this says *which number* they have: all of them and the head in one
 * transaction, so there is never a hole, and never a second number for a redelivered event.
 *
 * @param events at most {@link MAX_BATCH}, in the order in which they should be numbered
 * @throws ShoutError `unavailable` when the head is lost to others too often; nothing is half done
 */
export async function sequence(
  log: Pick<EventLog, 'openHead' | 'assign'>,
  room: string,
  events: readonly NewEvent[],
): Promise<Sequenced> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const numbers = new Map<EventId, number>();
  let open = [...byId.keys()];
  let assigned = 0;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const head = await log.openHead(room);
    const outcome = open.length === 0 ? ({ kind: 'assigned' } as const) : await log.assign(room, head, open);
    if (outcome.kind === 'assigned') {
      for (const [index, id] of open.entries()) numbers.set(id, head.seq + 1 + index);
      assigned = open.length;
      return { epoch: head.epoch, events: inOrder(byId, numbers), assigned };
    }
    if (outcome.kind === 'known') {
      for (const [id, seq] of outcome.numbered) numbers.set(id, seq);
      open = open.filter((id) => !outcome.numbered.has(id) && !outcome.absent.has(id));
    }
  }
  throw new ShoutError('unavailable', `Could not number the events of room ${room} in ${MAX_ATTEMPTS} attempts.`);
}

function inOrder(byId: ReadonlyMap<EventId, NewEvent>, numbers: ReadonlyMap<EventId, number>): SequencedEvent[] {
  return [...numbers]
    .map(([id, seq]) => {
      const { type, at, actor, data } = byId.get(id)!;
      return { seq, id, type, at, actor, data };
    })
    .sort((a, b) => a.seq - b.seq);
}

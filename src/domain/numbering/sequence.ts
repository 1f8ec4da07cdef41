import { ShoutError } from '../errors.ts';
import { conceal } from '../governance/hide.ts';
import type { Rules } from '../governance/rules.ts';
import { judge, voidedBy } from '../governance/verdict.ts';
import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { EventId, SequencedEvent } from '../schema.generated.ts';

/**
 * Maximum number of attempts. A lost race means that another process made progress, but so many in a row mean that
 * something is wrong.
 */
const MAX_ATTEMPTS = 20;

export interface Sequenced {
  epoch: string;
  /** The room's rules after these events. */
  rules: Rules;
  /** The events as readers may see them, ascending by seq. */
  events: SequencedEvent[];
  /** Number of events that this call numbered. The other events had a number already. */
  assigned: number;
}

/**
 * Gives each event of one room its number. DynamoDB Streams orders records per item only and delivers them at least
 * once, so the stream only announces events. The numbers and the head are written in one transaction, so there is never
 * a hole, and a redelivered event never gets a second number.
 *
 * The room's rules are applied to the batch in the same transaction. Rules change only together with the head, and the
 * transaction fails if the head has moved. So the applied rules are always those of the head.
 *
 * An event may have been amended since the stream saw it. It is numbered, and posted, as it is in the log.
 *
 * @param events at most `log.batchSize`, in the order in which they should be numbered
 * @param mayGoOn returns whether there is time for another attempt
 * @throws ShoutError `unavailable` if too many attempts fail because of other writers, or if time runs out; nothing is
 *   then half done
 */
export async function sequence(
  log: Pick<EventLog, 'openHead' | 'rules' | 'assign'>,
  room: string,
  events: readonly StoredEvent[],
  mayGoOn: () => boolean = () => true,
): Promise<Sequenced> {
  const open = new Map(events.map((event) => [event.id, event]));
  const numbered: SequencedEvent[] = [];
  for (let attempt = 0; attempt < MAX_ATTEMPTS && mayGoOn(); attempt++) {
    const head = await log.openHead(room);
    const batch = [...open.values()];
    const verdict = judge(await log.rules(room, head), batch, head.seq + 1);
    const outcome = batch.length === 0 ? ({ kind: 'assigned' } as const) : await log.assign(room, head, batch, verdict);
    if (outcome.kind === 'assigned') {
      numbered.push(...batch.map((event, index) => withNumber(voidedBy(verdict, event), head.seq + 1 + index)));
      const events = numbered.map((event) => conceal(verdict.after.hidden, event)).sort((a, b) => a.seq - b.seq);
      return { epoch: head.epoch, rules: verdict.after, events, assigned: batch.length };
    }
    if (outcome.kind === 'known') settle(open, numbered, outcome);
  }
  throw new ShoutError(
    'unavailable',
    `Could not number the events of room ${room} in ${MAX_ATTEMPTS} attempts, or in time.`,
  );
}

/** Removes from `open` the events that already have a number or are gone. Updates events that were amended. */
function settle(
  open: Map<EventId, StoredEvent>,
  numbered: SequencedEvent[],
  { found, absent }: { found: ReadonlyMap<EventId, StoredEvent>; absent: ReadonlySet<EventId> },
): void {
  for (const id of absent) open.delete(id);
  for (const [id, event] of found) {
    if (event.seq === undefined) {
      open.set(id, event);
    } else {
      open.delete(id);
      numbered.push(withNumber(event, event.seq));
    }
  }
}

function withNumber({ id, type, at, actor, data }: StoredEvent, seq: number): SequencedEvent {
  return { seq, id, type, at, actor, data } as SequencedEvent;
}

import { ShoutError } from '../errors.ts';
import { conceal } from '../governance/hide.ts';
import type { Rules } from '../governance/rules.ts';
import { judge, voidedBy } from '../governance/verdict.ts';
import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { EventId, SequencedEvent } from '../schema.generated.ts';

/**
 * Maximum number of attempts. An attempt fails, for example, if another process has moved the room's head or amended
 * one of the events. That is normal now and then, but so many failures in a row mean that something is wrong.
 */
const MAX_ATTEMPTS = 20;

export interface Sequenced {
  epoch: string;
  /** The room's rules, with all events up to the room's head applied. */
  rules: Rules;
  /** The events as readers may see them, ascending by seq. */
  events: SequencedEvent[];
  /** Number of events that this call numbered. The other events had a number already. */
  assigned: number;
}

/**
 * Gives numbers to events of one room. Skips events that are not in the log. The numbers continue the room's head (the
 * last number given). The position of a record in the stream cannot serve as the number, because DynamoDB Streams
 * orders only the records of one item, and Lambda may get a record again. One transaction writes the numbers and moves
 * the head, so numbering leaves no hole. The transaction fails if an event has a number already, so a redelivered event
 * gets no second number.
 *
 * The same transaction voids messages of banned people and writes the rules that the events change. Rules change only
 * together with the head, and the transaction fails if the head has moved. So each event is judged by the rules that
 * hold at its number.
 *
 * An event may have been amended since the stream delivered it. It is numbered, and later posted, as it is in the log.
 *
 * @param events at most `log.batchSize`, in the order in which they should be numbered
 * @param mayGoOn returns whether there is time for another attempt
 * @throws ShoutError `unavailable` if too many attempts fail because of other writers, or if time runs out; this call
 *   has then numbered no event
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

/**
 * Moves events that already have a number from `open` to `numbered`. Updates amended events in `open`, and removes
 * events that are not in the log.
 */
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

import { conceal } from '../governance/hide.ts';
import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { SequencedEvent } from '../schema.generated.ts';
import { type Sequenced, sequence } from './sequence.ts';

/**
 * Gives numbers to all these events, in as many transactions as that takes. If a transaction fails, the numbers of the
 * earlier transactions stand, and the caller can call again with the same events.
 *
 * @param events in the order in which they should be numbered
 * @param mayGoOn returns whether there is time for another attempt
 * @returns the numbered events. If the epoch changed between two transactions, only those of the new epoch: a reader
 *   that meets a new epoch loads the room anew.
 */
export async function sequenceAll(
  log: Pick<EventLog, 'batchSize' | 'openHead' | 'rules' | 'assign'>,
  room: string,
  events: readonly StoredEvent[],
  mayGoOn: () => boolean,
): Promise<Sequenced> {
  let last: Sequenced | undefined;
  let assigned = 0;
  let numbered = new Map<number, SequencedEvent>();
  for (let i = 0; i === 0 || i < events.length; i += log.batchSize) {
    const part = await sequence(log, room, events.slice(i, i + log.batchSize), mayGoOn);
    if (part.epoch !== last?.epoch) numbered = new Map();
    last = part;
    assigned += part.assigned;
    for (const event of part.events) numbered.set(event.seq, event);
  }
  const inOrder = [...numbered.values()].sort((a, b) => a.seq - b.seq);
  return { ...last!, events: inOrder.map((event) => conceal(last!.rules.hidden, event)), assigned };
}

import { isOperator } from '../governance/operator.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { SequencedEvent } from '../schema.generated.ts';

/** Left of an invocation for what comes after the scrubbing, ms. */
const SPARE_MS = 5_000;

/**
 * Takes the text out of what was hidden by these events. Until then only readers' rules hide it.
 *
 * @param remaining ms until the invocation ends
 * @throws if it is not done by then; delivered again, it goes on where it stopped
 */
export async function scrubHidden(
  room: string,
  events: readonly SequencedEvent[],
  log: Pick<EventLog, 'scrub'>,
  remaining: () => number,
): Promise<void> {
  for (const { type, seq, actor, data } of events) {
    if (type !== 'PersonBanned' || !data.hide) continue;
    await log.scrub(
      room,
      { person: data.person, before: seq, always: isOperator(actor) },
      () => remaining() > SPARE_MS,
    );
  }
}

import { isOperator } from '../governance/operator.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { SequencedEvent } from '../schema.generated.ts';

/** Scrubbing stops when the invocation has only this time left, ms, so that the events can still be parked. */
const SPARE_MS = 5_000;

/**
 * Removes the stored text of the messages that these events hide. Until a text is removed, `conceal`
 * (governance/hide.ts) leaves it out of the server's answers. Clients hide the messages when such an event arrives.
 *
 * @param remaining returns the time until the invocation ends, ms
 * @throws if time runs out or a request fails; a repeated call scrubs the messages that are left
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

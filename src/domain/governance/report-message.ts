import { ShoutError } from '../errors.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Reports } from '../ports/reports.ts';
import type { Actor, ReportMessage } from '../schema.generated.ts';

interface Reporter {
  room: string;
  actor: Actor;
  clientMessageId: string;
  /** ms since 1970. */
  at: number;
}

/**
 * Keeps a report for the moderators. It is no event: nobody else is to learn of it.
 * @throws ShoutError `invalid_message` where there is no such message, or it is gone
 */
export async function reportMessage(
  { target, reason }: ReportMessage,
  { room, actor, clientMessageId, at }: Reporter,
  { log, reports }: { log: Pick<EventLog, 'find'>; reports: Pick<Reports, 'add'> },
): Promise<void> {
  const found = await log.find(room, target);
  if (found?.type !== 'MessagePosted' || found.data.text === undefined) {
    throw new ShoutError('invalid_message', 'There is no such message in this room.', { clientMessageId });
  }
  await reports.add(room, { target, by: actor, at, ...(reason ? { reason } : {}) });
}

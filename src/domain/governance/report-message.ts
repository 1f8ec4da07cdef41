import { noSuchMessage } from '../commands/command.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Reports } from '../ports/reports.ts';
import type { Actor, ReportMessage } from '../schema.generated.ts';

interface Reporter {
  room: string;
  actor: Actor;
  clientMessageId: string;
  /** Time of the report, ms since 1970. */
  at: number;
}

/**
 * Stores a report for the moderators. A report is not an event, because every reader gets the events, and only
 * moderators may learn of a report. A report of a deleted message is dropped without an error, because the command may
 * be a retry of one that was sent before the deletion.
 * @returns whether the message is deleted
 * @throws ShoutError `invalid_message` if there is no such message
 */
export async function reportMessage(
  { target, reason }: ReportMessage,
  { room, actor, clientMessageId, at }: Reporter,
  { log, reports }: { log: Pick<EventLog, 'find'>; reports: Pick<Reports, 'add'> },
): Promise<{ deleted: boolean }> {
  const found = await log.find(room, target);
  if (found?.type !== 'MessagePosted') throw noSuchMessage(clientMessageId);
  if (found.data.text === undefined) return { deleted: true };
  await reports.add(room, { target, by: actor, at, ...(reason ? { reason } : {}) });
  return { deleted: false };
}

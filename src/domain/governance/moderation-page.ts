import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { Reports as ReportStore, StoredReport } from '../ports/reports.ts';
import { shownOf } from '../reading/history.ts';
import type { Ban, EventId, MessagePosted, ReportedMessage, Reports } from '../schema.generated.ts';
import { isHidden } from './hide.ts';
import { isOver } from './rules.ts';

/** Maximum number of reported messages on the page. Those with the latest reports are shown. */
const MAX_MESSAGES = 100;

interface ModerationPagePorts {
  log: Pick<EventLog, 'head' | 'rules' | 'find' | 'nameOf'>;
  reports: Pick<ReportStore, 'inRoom'>;
}

/**
 * Returns what moderators need to see of a room: the reported messages that are still shown, the bans in force and the
 * rules.
 * @param now ms since 1970
 */
export async function moderationPage(
  room: string,
  { log, reports }: ModerationPagePorts,
  now: number,
): Promise<Reports> {
  const [all, head] = await Promise.all([reports.inRoom(room), log.head(room)]);
  const rules = await log.rules(room, head);
  const reported = latestFirst(all).slice(0, MAX_MESSAGES);
  const found = await Promise.all(reported.map(([target]) => log.find(room, target)));
  const shown = reported.flatMap(([, some], index): ReportedMessage[] => {
    const event = found[index];
    return isShown(event) && !isHidden(rules.hidden, event) ? [reportedMessage(event, some)] : [];
  });
  const inForce = Object.entries(rules.bans).filter(([, ban]) => !isOver(ban, now));
  const bans = inForce.map(async ([person, ban]): Promise<Ban> => {
    const name = await log.nameOf(room, person);
    return { person, ...ban, ...(name === undefined ? {} : { name }) };
  });
  return { reports: shown, bans: await Promise.all(bans), ...(rules.at > 0 ? { rules: shownOf(rules) } : {}) };
}

/** Groups reports by message. Sorts the messages by their latest report, and the reports of a message by time, newest first. */
function latestFirst(reports: readonly StoredReport[]): [EventId, StoredReport[]][] {
  const sorted = [...reports].sort((a, b) => b.at - a.at);
  const byTarget = new Map<EventId, StoredReport[]>();
  for (const report of sorted) byTarget.set(report.target, [...(byTarget.get(report.target) ?? []), report]);
  return [...byTarget];
}

type Shown = StoredEvent & MessagePosted & { seq: number };

function isShown(event: StoredEvent | undefined): event is Shown {
  return event?.type === 'MessagePosted' && event.data.text !== undefined && event.seq !== undefined;
}

function reportedMessage({ seq, id, at, actor, data }: Shown, reports: readonly StoredReport[]): ReportedMessage {
  return {
    message: { seq, id, at, actor, text: data.text! },
    reports: reports.map(({ target: _, ...report }) => report),
  };
}

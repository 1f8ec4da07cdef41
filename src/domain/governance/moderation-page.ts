import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { Reports as ReportStore, StoredReport } from '../ports/reports.ts';
import { shownOf } from '../reading/history.ts';
import type { Ban, EventId, MessagePosted, ReportedMessage, Reports } from '../schema.generated.ts';
import { isHidden } from './hide.ts';
import { isOver } from './rules.ts';

/** Maximum number of reported messages on the page. Those with the latest reports are shown. */
const MAX_MESSAGES = 100;
/**
 * Maximum number of reported messages that are looked up for a page. It exceeds {@link MAX_MESSAGES}, because most of
 * these messages may be deleted or hidden by now, and the page leaves those out.
 */
const MAX_LOOKED_UP = 10 * MAX_MESSAGES;

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
  const reported = latestFirst(all).slice(0, MAX_LOOKED_UP);
  const shown: ReportedMessage[] = [];
  while (reported.length > 0 && shown.length < MAX_MESSAGES) {
    const batch = reported.splice(0, MAX_MESSAGES);
    const found = await Promise.all(
      batch.map(async ([target, some]) => ({ event: await log.find(room, target), some })),
    );
    for (const { event, some } of found)
      if (isShown(event) && !isHidden(rules.hidden, event)) shown.push(reportedMessage(event, some));
  }
  const inForce = Object.entries(rules.bans).filter(([, ban]) => !isOver(ban, now));
  const bans = inForce.map(async ([person, ban]): Promise<Ban> => {
    const name = await log.nameOf(room, person);
    return { person, ...ban, ...(name === undefined ? {} : { name }) };
  });
  return {
    reports: shown.slice(0, MAX_MESSAGES),
    bans: await Promise.all(bans),
    ...(rules.at > 0 ? { rules: shownOf(rules) } : {}),
  };
}

/**
 * Groups reports by message. Sorts the messages by their latest report, and the reports of each by time, newest first.
 */
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

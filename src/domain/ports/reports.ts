import type { EventId, Report } from '../schema.generated.ts';

export interface StoredReport extends Report {
  target: EventId;
}

export interface Reports {
  /** Keeps one report for each message and person; a second one changes nothing. */
  add(room: string, report: StoredReport): Promise<void>;
  /** Every report of a room that is kept, in any order. */
  inRoom(room: string): Promise<readonly StoredReport[]>;
}

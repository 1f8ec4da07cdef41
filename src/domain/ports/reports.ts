import type { EventId, Report } from '../schema.generated.ts';

export interface StoredReport extends Report {
  target: EventId;
}

export interface Reports {
  /** Stores a report. Changes nothing if the reporter has already reported this message. */
  add(room: string, report: StoredReport): Promise<void>;
  /** Returns all stored reports of a room, in any order. */
  inRoom(room: string): Promise<readonly StoredReport[]>;
}

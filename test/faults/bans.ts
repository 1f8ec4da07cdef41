import { authorOf } from '../../src/domain/feed/event-id.ts';
import type { Entry, Stored } from './history.ts';

/** Ids of messages whose text readers must not see. */
export interface Banned {
  /**
   * Messages of a banned author: they are numbered after the ban and before an event that lifts it, and appended
   * before the ban expires. Nobody must ever see their text.
   */
  voided: ReadonlySet<string>;
  /**
   * Messages numbered before a ban that hides all earlier messages of their author. Readers who have applied the ban
   * must not show the text of these messages.
   */
  hidden: ReadonlySet<string>;
}

/**
 * Finds the voided and hidden messages of a log, by going through its events in the order of their numbers. Shares only
 * `authorOf` with the code under test. Assumes that nobody bans a moderator.
 */
export function bannedIn(log: readonly Stored[]): Banned {
  const numbered = log.filter((entry): entry is Entry => entry.seq !== undefined).sort((a, b) => a.seq - b.seq);
  const said = Map.groupBy(
    numbered.filter(({ type }) => type === 'MessagePosted'),
    ({ id }) => authorOf(id) as string,
  );
  const until = new Map<string, number>();
  const voided = new Set<string>();
  const hidden = new Set<string>();
  for (const { seq, id, type, appendedAt = 0, person = '', seconds, hide } of numbered) {
    if (type === 'PersonBanned') {
      until.set(person, seconds === undefined ? Number.POSITIVE_INFINITY : appendedAt + seconds * 1_000);
      if (hide) for (const before of said.get(person) ?? []) if (before.seq < seq) hidden.add(before.id);
    }
    if (type === 'PersonUnbanned') until.delete(person);
    if (type === 'MessagePosted' && appendedAt < (until.get(authorOf(id)) ?? 0)) voided.add(id);
  }
  return { voided, hidden };
}

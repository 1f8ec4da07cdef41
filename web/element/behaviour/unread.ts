import type { Message } from '../../../src/domain/schema.generated.ts';

/** Counts messages that arrived unseen, because the page was hidden or they wait behind the button. */
export class Unread {
  /** Number of the newest message when the box opened; undefined until it is known. */
  since: number | undefined;
  /** Number of the newest message that was visible in a visible page. */
  readUpTo = 0;

  /** Counts only messages above this number from now on. */
  begin(newest: number): void {
    this.since = this.readUpTo = newest;
  }

  /** @param shown number of the newest visible message, if the page is visible */
  count(messages: readonly Message[], own: string | undefined, shown: number | undefined): number {
    if (this.since === undefined) return 0;
    this.readUpTo = Math.max(this.readUpTo, shown ?? 0);
    let unread = 0;
    for (const { seq, actor, deleted } of messages) {
      if (seq <= this.readUpTo) break;
      if (!deleted && actor.id !== own) unread++;
    }
    return unread;
  }
}

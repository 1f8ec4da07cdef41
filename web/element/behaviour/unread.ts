import type { Message } from '../../../src/domain/schema.generated.ts';

/** Messages that arrived unseen, because the page was hidden or they wait behind the button. */
export class Unread {
  /** Newest message when the box opened; undefined until it is known. */
  since: number | undefined;
  /** The newest message that was visible in a visible page. */
  readUpTo = 0;

  /** Messages from here on are new. */
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

import type { Message } from '../../../src/domain/schema.generated.ts';

/**
 * Counts other people's messages that the reader has not seen, because the box was out of sight or because the messages
 * wait behind a button.
 */
export class Unread {
  /** Number of the newest message when the box opened; undefined until `begin` is called. */
  since: number | undefined;
  /** Number of the newest message that counts as read: it was there when the box opened, or has been visible since. */
  readUpTo = 0;

  /** Begins to count: messages above this number are unread. */
  begin(newest: number): void {
    this.since = this.readUpTo = newest;
  }

  /**
   * Returns the number of other people's unread messages.
   * @param messages newest first
   * @param own id of the person who reads
   * @param shown number of the newest message that is not behind the button; undefined if the box is out of sight
   */
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

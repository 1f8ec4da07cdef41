interface Head {
  epoch: string;
  seq: number;
}

/** A room whose traffic has been stopped. */
export interface QuietRoom {
  head(): Head | Promise<Head>;
  /** Returns what still differs from the state expected after the faults, in words. */
  missing(): readonly string[] | Promise<readonly string[]>;
  /** Waits until nothing is missing, and complains if that takes too long. */
  converge(): Promise<unknown>;
  complaints: readonly unknown[];
}

/** Maximum number of reads. The last one is returned even if the room has changed during it. */
const MAX_READS = 10;

/**
 * Repeats a read until the room does not change during it. A moderator's deletion may still be on its way to the log
 * when everybody has converged. `missing` cannot know of it until it is in the log, because a client's snapshot lists
 * unsent messages, but no unsent deletions. If it arrives during the read, the pages and the log differ:
 *
 *     converged ──── pages are read ──── the log is read ────── numbered, delivered
 *                            ▲
 *                  the deletion is appended: it has no number yet, and its target has lost its text
 *
 * @returns what was read last; it may be incomplete if the room never falls silent or a complaint was made
 */
export async function readInSilence<T>(room: QuietRoom, read: () => Promise<T>): Promise<T> {
  for (let reads = 1; ; reads++) {
    const before = await room.head();
    const found = await read();
    const isComplete = room.complaints.length > 0 || (await room.missing()).length === 0;
    // Reads the head last. An event that was numbered during `read` or `missing` has moved it.
    const after = await room.head();
    const moved = after.epoch !== before.epoch || after.seq !== before.seq;
    if (!moved && isComplete) return found;
    if (reads === MAX_READS) return found;
    await room.converge();
  }
}

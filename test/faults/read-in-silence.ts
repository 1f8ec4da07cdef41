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
 * Repeats a read until the room does not change during it. The room can change even after everybody has converged,
 * because a moderator's deletion may still be on its way to the log. `missing` sees the deletion only once it is in the
 * log, because a client's snapshot lists the client's unfinished messages, but not its other commands:
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
    // The head is read last, so that no event gets its number unseen.
    const after = await room.head();
    const moved = after.epoch !== before.epoch || after.seq !== before.seq;
    if (!moved && isComplete) return found;
    if (reads === MAX_READS) return found;
    await room.converge();
  }
}

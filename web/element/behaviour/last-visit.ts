import type { Message } from '../../../src/domain/schema.generated.ts';
import { attempt } from '../../client/attempt.ts';
import { serverOf } from '../../client/server.ts';

interface Position {
  epoch: string;
  seq: number;
}

interface Host {
  readonly server: string;
  readonly room: string;
}

/** Remembers the newest message that a reader has seen, so that the feed can mark it at the next visit. */
export class LastVisit {
  /** The newest message that the reader had seen when they left. */
  #left: Position | undefined;
  /** When the reader came back, ms since 1970. */
  #returnedAt = Date.now();
  #away = false;
  /** Storage key of the room that is shown. */
  #key: string | undefined;
  readonly #host: Host;
  readonly #newestSeen: () => Position | undefined;

  /**
   * @param newestSeen returns the position of the newest message that the reader has seen; undefined if there is none.
   *   During {@link enter}, must still return the position in the previous room
   */
  constructor(host: Host, newestSeen: () => Position | undefined) {
    this.#host = host;
    this.#newestSeen = newestSeen;
  }

  /** Leaves the room that was shown, and loads the reader's last position in the new room. */
  enter(): void {
    this.look(false);
    const key = `shout-box:seen:${serverOf(this.#host.server)}:${this.#host.room}`;
    this.#key = key;
    this.#away = false;
    const stored = attempt(() => localStorage.getItem(key));
    this.#left = attempt(() => JSON.parse(stored ?? '') as Position);
    this.#returnedAt = Date.now();
  }

  /**
   * @param messages newest first
   * @returns number of the newest message seen at the last visit; undefined if it is unknown, if the messages have been
   *   numbered anew since (`epoch`), or if nobody else posted between that visit and this one
   */
  seenUpTo(messages: readonly Message[], epoch: string, user: string | undefined): number | undefined {
    const left = this.#left;
    if (!left || left.epoch !== epoch) return undefined;
    for (const { seq, at, actor } of messages) {
      if (seq <= left.seq) return undefined;
      if (at < this.#returnedAt && actor.id !== user) return left.seq;
    }
    return undefined;
  }

  /** Records whether the box is shown in a visible page. If it is not, stores what the reader has seen. */
  look(shown: boolean): void {
    const key = this.#key;
    if (!key) return;
    if (shown) {
      if (this.#away) this.#returnedAt = Date.now();
    } else {
      const seen = this.#newestSeen();
      if (seen) {
        this.#left = seen;
        attempt(() => localStorage.setItem(key, JSON.stringify(seen)));
      }
    }
    this.#away = !shown;
  }
}

import type { Message } from '../../../src/domain/schema.generated.ts';
import { attempt } from '../../client/attempt.ts';

interface Position {
  epoch: string;
  seq: number;
}

interface Host {
  readonly server: string;
  readonly room: string;
}

/** Remembers the last message that a reader has seen, so that their next visit can mark newer ones. */
export class LastVisit {
  /** Last message seen before the reader left. */
  #left: Position | undefined;
  /** When the reader came back, ms since 1970. */
  #returnedAt = Date.now();
  #away = false;
  /** Storage key of the room that is shown. */
  #key: string | undefined;
  readonly #host: Host;
  readonly #newestSeen: () => Position | undefined;

  /** @param newestSeen returns the newest message that the reader has seen in this room; undefined before the first */
  constructor(host: Host, newestSeen: () => Position | undefined) {
    this.#host = host;
    this.#newestSeen = newestSeen;
  }

  /** Leaves the room that was shown, and reads where the reader left the new one, perhaps days ago. */
  enter(): void {
    this.look(false);
    const key = `shout-box:seen:${this.#host.server}:${this.#host.room}`;
    this.#key = key;
    this.#away = false;
    const stored = attempt(() => localStorage.getItem(key));
    this.#left = attempt(() => JSON.parse(stored ?? '') as Position);
    this.#returnedAt = Date.now();
  }

  /**
   * @returns the newest message seen at the last visit, if somebody else has posted between the two visits
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

  /** Notes that the page or the room was hidden or left, or became visible again. */
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

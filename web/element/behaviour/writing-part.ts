import { Part } from '../../client/part.ts';
import type { Writing, WritingHost } from '../writing/writing.ts';
import type { Room } from './room.ts';

const code = new Part(() => import('../writing/writing.ts'));

interface Host extends WritingHost {
  readonly readonly: boolean;
}

/** Fetches the code for writing, see `Writing`, while the feed is loading. */
export class WritingPart {
  /** Undefined until its code is fetched. */
  part: Writing | undefined;
  #fetching = false;
  readonly #host: Host;
  readonly #room: Room;
  readonly #unavailable: (error: Error) => void;

  /** @param unavailable called once per `fetch` if an attempt to fetch the part fails; more attempts may follow */
  constructor(host: Host, room: Room, unavailable: (error: Error) => void) {
    this.#host = host;
    this.#room = room;
    this.#unavailable = unavailable;
  }

  /**
   * Fetches the part, unless the box is `readonly` and no message is pinned. If the box is not `readonly`, the room's
   * client also loads the code that sends, so that it resumes messages that the person left unsent in this room.
   */
  async fetch(): Promise<void> {
    const { readonly } = this.#host;
    const { client } = this.#room;
    if (this.#fetching || (readonly && !client?.snapshot.feed.rules?.pinned)) return;
    this.#fetching = true;
    try {
      const [{ Writing }] = await Promise.all([
        code.load(this.#unavailable),
        // Waits for the code that sends, because only that code keeps a message for the next visit.
        readonly || client?.prepare().catch(() => {}),
        this.#host.updateComplete,
      ]);
      this.part ??= new Writing(this.#host, this.#room);
      this.#host.requestUpdate();
    } catch {
      // `#unavailable` was called if the part cannot be fetched. The box calls `fetch` again when it is live again.
    }
    this.#fetching = false;
  }
}

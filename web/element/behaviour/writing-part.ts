import { Part } from '../../client/part.ts';
import type { Writing, WritingHost } from '../writing/writing.ts';
import type { Room } from './room.ts';

const code = new Part(() => import('../writing/writing.ts'));

interface Host extends WritingHost {
  readonly readonly: boolean;
}

/** Fetches the code of {@link Writing} when it is needed. */
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
   * Fetches the part. A `readonly` box needs it only to show a pinned message, so it is not fetched while no message is
   * pinned. For any other box, the room's client also loads the code that sends, and then sends the commands that were
   * still unanswered at the person's last visit.
   */
  async fetch(): Promise<void> {
    const { readonly } = this.#host;
    const { client } = this.#room;
    if (this.#fetching || (readonly && !client?.snapshot.feed.rules?.pinned)) return;
    this.#fetching = true;
    try {
      const [{ Writing }] = await Promise.all([
        code.load(this.#unavailable),
        // Waits for the code that sends, because only this code stores unanswered commands for the next visit.
        readonly || client?.prepare().catch(() => {}),
        this.#host.updateComplete,
      ]);
      this.part ??= new Writing(this.#host, this.#room);
      this.#host.requestUpdate();
    } catch {
      // If the code of the part could not be fetched, `#unavailable` has been called. The box calls `fetch` again when
      // its connection becomes live the next time.
    }
    this.#fetching = false;
  }
}

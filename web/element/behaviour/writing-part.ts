import { Part } from '../../client/part.ts';
import type { Writing, WritingHost } from '../writing/writing.ts';
import type { Room } from './room.ts';

const code = new Part(() => import('../writing/writing.ts'));

interface Host extends WritingHost {
  readonly readonly: boolean;
}

/** Fetches the writing part while the feed is loading. */
export class WritingPart {
  /** Undefined until its code is fetched. */
  part: Writing | undefined;
  #fetching = false;
  readonly #host: Host;
  readonly #room: Room;
  readonly #unavailable: (error: Error) => void;

  /** @param unavailable called when an attempt fails; more attempts follow */
  constructor(host: Host, room: Room, unavailable: (error: Error) => void) {
    this.#host = host;
    this.#room = room;
    this.#unavailable = unavailable;
  }

  /**
   * Fetches the part, unless the box is `readonly` and no message is pinned. If the box is not `readonly`, also has the
   * room's client load the code that sends. That code resumes messages that the person left unsent in this room.
   */
  async fetch(): Promise<void> {
    const { readonly } = this.#host;
    const { client } = this.#room;
    if (this.#fetching || (readonly && !client?.snapshot.feed.rules?.pinned)) return;
    this.#fetching = true;
    try {
      const [{ Writing }] = await Promise.all([
        code.load(this.#unavailable),
        readonly || client?.prepare(),
        this.#host.updateComplete,
      ]);
      this.part ??= new Writing(this.#host, this.#room);
      this.#host.requestUpdate();
    } catch {
      // The failure was reported. The part is fetched again when the connection is back.
    }
    this.#fetching = false;
  }
}

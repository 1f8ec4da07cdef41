import { Part } from '../../client/part.ts';
import type { Snapshot } from '../client.ts';

interface Host {
  readonly server: string;
  readonly room: string;
}

const diagnosis = new Part(() => import('../diagnosis/diagnosis.ts'), 3);

/** Tells the author of the page, once, which setting keeps the box from going live. */
export class SelfCheck {
  readonly #host: Host;
  readonly #found: (message: string) => void;
  #done = false;

  constructor(host: Host, found: (message: string) => void) {
    this.#host = host;
    this.#found = found;
  }

  /** Allows another check. Called when the box enters a room. */
  reset(): void {
    this.#done = false;
  }

  /** Checks the configuration once, if the connection fails or the room is refused before the box was live. */
  async look({ connection, barred }: Pick<Snapshot, 'connection' | 'barred'>): Promise<void> {
    // This refusal can mean that the room does not exist. `unauthenticated`, in contrast, only asks for a sign-in.
    const refused = barred?.code === 'forbidden' && barred.rule === 'access';
    if (this.#done || !(refused || connection === 'offline' || connection === 'live')) return;
    this.#done = true;
    if (connection === 'live') return;
    const { diagnoseInPage, noRoom } = await diagnosis.load();
    const message = refused ? noRoom(this.#host) : await diagnoseInPage(this.#host);
    if (message) this.#found(message);
  }
}

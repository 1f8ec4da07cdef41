import { Part } from '../../client/part.ts';
import type { ConnectionState } from '../client.ts';

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

  /** The server or the room has changed. */
  reset(): void {
    this.#done = false;
  }

  /** Checks the configuration if the connection fails before it was ever live. */
  async look(connection: ConnectionState): Promise<void> {
    if (this.#done || (connection !== 'offline' && connection !== 'live')) return;
    this.#done = true;
    if (connection === 'live') return;
    const { diagnoseInPage } = await diagnosis.load();
    const message = await diagnoseInPage(this.#host);
    if (message) this.#found(message);
  }
}

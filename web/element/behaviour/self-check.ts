import { Part } from '../../client/part.ts';
import type { ConnectionState } from '../client.ts';

interface Host {
  readonly server: string;
  readonly room: string;
}

const diagnosis = new Part(() => import('../diagnosis/diagnosis.ts'), 3);

/** Tells the author of the page, once, what is wrong with the configuration of a box that has never been live. */
export class SelfCheck {
  readonly #host: Host;
  readonly #found: (message: string) => void;
  #done = false;

  constructor(host: Host, found: (message: string) => void) {
    this.#host = host;
    this.#found = found;
  }

  /** Another server or room. */
  reset(): void {
    this.#done = false;
  }

  /** Looks at the configuration when the connection fails before it was ever there. */
  async look(connection: ConnectionState): Promise<void> {
    if (this.#done || (connection !== 'offline' && connection !== 'live')) return;
    this.#done = true;
    if (connection === 'live') return;
    const { diagnoseInPage } = await diagnosis.load();
    const { server, room } = this.#host;
    const message = await diagnoseInPage({ server, room });
    if (message) this.#found(message);
  }
}

import type { ClientFrame, ServerFrame } from '../../src/domain/schema.generated.ts';

/**
 * A plain WebSocket, opened as a browser opens it, with the token as a subprotocol. Unlike the widget's client, it
 * resends nothing.
 */
export class SmokeSocket {
  readonly #socket: WebSocket;
  readonly #frames: ServerFrame[] = [];
  readonly #waiting = new Set<() => void>();
  #closed: string | undefined;

  /** @param url address of the WebSocket API, with `?room=` */
  constructor(url: string, token: string) {
    this.#socket = new WebSocket(url, ['shout-box.v1', `bearer.${token}`]);
    this.#socket.onmessage = ({ data }) => {
      this.#frames.push(JSON.parse(String(data)) as ServerFrame);
      this.#wake();
    };
    this.#socket.onclose = ({ code }) => {
      this.#closed = `${new URL(url).host} closed the socket (code ${code})`;
      this.#wake();
    };
  }

  /** Waits until the socket is open. @throws Error if the handshake is refused, or if the signal aborts */
  async opened(signal: AbortSignal): Promise<void> {
    this.#socket.onopen = () => this.#wake();
    await this.#until(() => this.#socket.readyState === WebSocket.OPEN || undefined, signal);
  }

  send(frame: ClientFrame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /**
   * Waits for a frame that fits. A frame that came earlier counts, too.
   * @throws Error for an `error` frame, if the server closes the socket, or if the signal aborts
   */
  async receive<T extends ServerFrame>(fits: (frame: ServerFrame) => frame is T, signal: AbortSignal): Promise<T> {
    return this.#until(() => {
      const refusal = this.#frames.find((frame) => frame.type === 'error');
      if (refusal) throw new Error(`the server answered ${refusal.code}: ${refusal.message}`);
      return this.#frames.find(fits);
    }, signal);
  }

  close(): void {
    this.#socket.onclose = null;
    this.#socket.close();
  }

  async #until<T>(look: () => T | undefined, signal: AbortSignal): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#closed) throw new Error(this.#closed);
      await new Promise<void>((resolve, reject) => {
        this.#waiting.add(resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        if (signal.aborted) reject(signal.reason);
      });
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

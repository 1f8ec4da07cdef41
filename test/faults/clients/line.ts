import WebSocket from 'ws';
import type { ClientFrame, ServerFrame } from '../../../src/domain/schema.generated.ts';
import type { SocketConstructor } from '../../../web/client/connection.ts';
import type { BackEnd } from '../back-end.ts';
import { Edge, type LineState } from '../proxies/edge.ts';

/** Called with every frame that a client sends or receives. */
export interface Tap {
  sent(frame: ClientFrame): void;
  received(frame: ServerFrame): void;
}

/** One client's own line to the stack: HTTP and WebSocket, each through a proxy that can fail. */
export class Line {
  readonly #http: Edge;
  readonly #ws: Edge;

  private constructor(http: Edge, ws: Edge) {
    this.#http = http;
    this.#ws = ws;
  }

  static async start({ http, ws }: Pick<BackEnd, 'http' | 'ws'>): Promise<Line> {
    const portOf = (url: string) => Number(new URL(url).port);
    return new Line(await Edge.start(portOf(http)), await Edge.start(portOf(ws)));
  }

  get server(): string {
    return `http://127.0.0.1:${this.#http.port}`;
  }

  set(state: LineState): void {
    this.#http.set(state);
    this.#ws.set(state);
  }

  cut(): void {
    this.#http.cut();
    this.#ws.cut();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#http.stop(), this.#ws.stop()]);
  }

  /** Returns a WebSocket class that connects through this line, whatever port the address from `/config` has. */
  socket(tap: Tap): SocketConstructor {
    const port = String(this.#ws.port);
    return class extends WebSocket {
      constructor(address: string, protocols: string[]) {
        const url = new URL(address);
        url.port = port;
        super(url.href, protocols);
        // Ignores errors, because `close` follows. Without a listener, `ws` would throw them, unlike a browser's
        // WebSocket.
        this.on('error', () => {});
        this.on('message', (data) => tap.received(JSON.parse(String(data)) as ServerFrame));
      }

      override send(data: string): void {
        tap.sent(JSON.parse(data) as ClientFrame);
        super.send(data);
      }
    } as unknown as SocketConstructor;
  }
}

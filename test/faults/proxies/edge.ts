import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How the line between a client and the server treats connections and data. */
export type LineState =
  | 'open'
  /** Holds all data back until the line is open again. */
  | 'stalled'
  /** Keeps the socket open and drops all data, like a phone that left its network or a NAT that lost its entry. */
  | 'half-open'
  /** Cuts all connections, and each new one as soon as it is made. */
  | 'refusing';

/**
 * A TCP proxy between one client and the server. It works below HTTP and WebSocket, so its faults are those of a
 * network.
 */
export class Edge {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #state: LineState = 'open';

  private constructor(target: number) {
    this.#server = createServer((near) => {
      near.on('error', () => {});
      if (this.#state === 'refusing') return near.destroy();
      const far = connect(target, '127.0.0.1').on('error', () => {});
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      this.#join(near, far);
      this.#join(far, near);
      for (const socket of pair) {
        socket.once('close', () => {
          this.#pairs.delete(pair);
          for (const end of pair) end.destroy();
        });
      }
      if (this.#state === 'stalled') for (const socket of pair) socket.pause();
    });
  }

  /** @param target port of the server behind the proxy */
  static async start(target: number): Promise<Edge> {
    const edge = new Edge(target);
    edge.#server.listen(0, '127.0.0.1');
    await once(edge.#server, 'listening');
    return edge;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  set(state: LineState): void {
    // A half-open line has lost data, so its connections cannot be resumed. A refusing line has no connections.
    if (this.#state === 'half-open' || state === 'refusing') this.cut();
    this.#state = state;
    for (const socket of [...this.#pairs].flat()) {
      if (state === 'stalled') socket.pause();
      else socket.resume();
    }
  }

  cut(): void {
    for (const socket of [...this.#pairs].flat()) socket.destroy();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.cut();
  }

  #join(from: Socket, to: Socket): void {
    from.on('data', (data) => {
      if (this.#state !== 'half-open') to.write(data);
    });
    from.on('end', () => to.end());
  }
}

import { once } from 'node:events';
import WebSocket from 'ws';
import type { ClientFrame, ServerFrame } from '../src/domain/schema.generated.ts';

/** A bare WebSocket client without the widget's retries. Keeps everything it receives. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    // Ignores errors, because a close event follows each error. Without a listener, Node would throw the error.
    socket.on('error', () => {});
    this.onFrame((frame) => this.frames.push(frame));
  }

  /** Opens a connection. @throws Error that names the HTTP status if the handshake is refused */
  static async open(url: string, { token, headers, protocols }: OpenOptions = {}): Promise<TestSocket> {
    const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const client = new TestSocket(new WebSocket(url, protocols ?? [], { headers: { ...authorization, ...headers } }));
    await once(client.socket, 'open');
    return client;
  }

  send(frame: ClientFrame | object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  onFrame(listener: (frame: ServerFrame) => void): void {
    this.socket.on('message', (data) => listener(JSON.parse(String(data)) as ServerFrame));
  }

  /** Returns the first frame that fits, among those already received and those still to come. */
  async receive<T extends ServerFrame>(fits: (frame: ServerFrame) => frame is T): Promise<T> {
    for (let at = 0; ; at++) {
      while (at >= this.frames.length) await once(this.socket, 'message');
      const frame = this.frames[at]!;
      if (fits(frame)) return frame;
    }
  }

  /** Sends a frame and returns its answer: the next frame that is not `events`. Use it for one frame at a time. */
  async ask(frame: ClientFrame | object | string): Promise<Exclude<ServerFrame, { type: 'events' }>> {
    const from = this.frames.length;
    this.send(frame);
    for (let at = from; ; at++) {
      while (at >= this.frames.length) await once(this.socket, 'message');
      const answer = this.frames[at]!;
      if (answer.type !== 'events') return answer;
    }
  }

  /** Waits until the connection closes. @returns the close code */
  async closed(): Promise<number> {
    const [code] = await once(this.socket, 'close');
    return code as number;
  }

  close(): void {
    this.socket.terminate();
  }
}

interface OpenOptions {
  token?: string;
  headers?: Record<string, string>;
  protocols?: string[];
}

import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Answers a call. It may forward the call, change or delay the call or its answer, answer without forwarding, or throw
 * {@link reset}.
 */
export type Intervention = (call: Call, forward: (call: Call) => Promise<Reply>) => Promise<Reply>;

/** An intervention throws this to break the caller's connection without an answer. */
export const reset = new Error('connection reset');

/** An HTTP proxy. It forwards every call unless an intervention does something else. */
export class HttpProxy {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #interventions = new Set<Intervention>();
  readonly #target: () => string;

  private constructor(target: () => string) {
    this.#target = target;
    this.#server = createServer(async (incoming, outgoing) => {
      try {
        const body = await buffer(incoming);
        const { method = 'GET', url: path = '/', headers } = incoming;
        const reply = await this.#answer({ method, path, headers, body });
        const { 'transfer-encoding': _chunked, connection: _hop, 'content-length': _length, ...kept } = reply.headers;
        outgoing.writeHead(reply.status, { ...kept, 'content-length': reply.body.length });
        outgoing.end(reply.body);
      } catch {
        incoming.socket.destroy();
      }
    });
  }

  /**
   * @param target returns the address to forward to. Called for each request, because the address may not be known yet
   *   when the proxy starts
   */
  static async start(target: () => string): Promise<HttpProxy> {
    const proxy = new HttpProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds an intervention, which sees each call before the earlier interventions. @returns a function to remove it */
  intervene(intervention: Intervention): () => void {
    this.#interventions.add(intervention);
    return () => this.#interventions.delete(intervention);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  #answer(call: Call): Promise<Reply> {
    let answer = (next: Call) => this.#forward(next);
    for (const intervention of this.#interventions) {
      const inner = answer;
      answer = (next) => intervention(next, inner);
    }
    return answer(call);
  }

  #forward({ method, path, headers, body }: Call): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, this.#target()), {
        method,
        headers: { ...headers, 'content-length': body.length },
        agent: this.#agent,
      });
      outgoing.once('response', (response) => {
        const { statusCode: status = 502, headers } = response;
        buffer(response).then((body) => resolve({ status, headers, body }), reject);
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}

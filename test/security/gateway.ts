import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An `@connections` API that records the posts to each connection, and which connections the back end closed. */
export class Gateway {
  readonly closed: string[] = [];
  readonly #posted = new Map<string, { type: string; code?: string }[]>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Gateway> {
    const server = createServer();
    const gateway = new Gateway(server);
    server.on('request', async (request, response) => {
      const id = decodeURIComponent(request.url!.split('/').at(-1)!);
      let body = '';
      for await (const chunk of request) body += chunk;
      if (request.method === 'DELETE') gateway.closed.push(id);
      else gateway.#posted.set(id, [...gateway.postedTo(id), JSON.parse(body)]);
      response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  postedTo(id: string): readonly { type: string; code?: string }[] {
    return this.#posted.get(id) ?? [];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

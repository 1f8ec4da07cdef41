import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'vite';

/** What `build()` of Vite gives for each file of a bundle. */
interface Built {
  output: { fileName: string; code?: string }[];
}

/** A page with the box as it is built for the script tag, and the files beside it. */
export async function serveBuilt(page: string): Promise<{ url: string; close: () => Promise<void> }> {
  const config = { configFile: join(import.meta.dirname, '../../web/vite.config.ts'), logLevel: 'error' } as const;
  const results = (await build({ ...config, build: { write: false } })) as unknown as Built[];
  const files = new Map(results.flatMap(({ output }) => output).map(({ fileName, code }) => [`/${fileName}`, code]));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const code = files.get(pathname);
    if (code !== undefined) response.setHeader('content-type', 'text/javascript').end(code);
    else if (pathname === '/') response.setHeader('content-type', 'text/html').end(page);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

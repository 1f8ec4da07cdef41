import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';

const root = join(import.meta.dirname, '../..');

/** The pages of `web/` on a free port of this machine. */
export async function servePages(): Promise<{ url: string; close: () => Promise<void> }> {
  const server: ViteDevServer = await createServer({
    configFile: join(root, 'web/vite.config.ts'),
    cacheDir: join(tmpdir(), `shout-box-vite-${process.pid}`),
    logLevel: 'error',
    server: { port: Number(process.env.SHOUT_WEB_PORT ?? 22_000), strictPort: false, hmr: false, watch: null },
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import settings from '../../web/vite.config.ts';

/** Serves the pages of `web/` from source, on a free port of this machine. */
export async function servePages(): Promise<{ url: string; close: () => Promise<void> }> {
  const server: ViteDevServer = await createServer({
    ...settings,
    configFile: false,
    cacheDir: join(tmpdir(), `shout-box-vite-${process.pid}`),
    logLevel: 'error',
    server: { port: Number(process.env.SHOUT_WEB_PORT ?? 22_000), strictPort: false, hmr: false, watch: null },
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}

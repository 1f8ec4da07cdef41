import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import settings from '../../web/vite.config.ts';

/**
 * The pages of `web/` on a free port of this machine.
 * @param base class of the element: the bundle's, or Lit's own, as whoever takes the package's modules has it
 */
export async function servePages(
  base: 'bundle' | 'Lit' = 'bundle',
): Promise<{ url: string; close: () => Promise<void> }> {
  const server: ViteDevServer = await createServer({
    ...settings,
    configFile: false,
    resolve: base === 'bundle' ? settings.resolve! : {},
    cacheDir: join(tmpdir(), `shout-box-vite-${process.pid}-${base}`),
    logLevel: 'error',
    server: { port: Number(process.env.SHOUT_WEB_PORT ?? 22_000), strictPort: false, hmr: false, watch: null },
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}

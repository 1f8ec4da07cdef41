import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { InlineConfig } from 'vite';
import { oncePerRun } from '../once-per-run.ts';

/** Content of each file of a bundle, by its path. */
export type Files = Map<string, string | Uint8Array>;

/** The part of the result of Vite's `build()` that is used here. */
interface Built {
  output: { fileName: string; code?: string; source?: string | Uint8Array }[];
}

export interface Served {
  url: string;
  close(): Promise<void>;
}

const web = join(import.meta.dirname, '../../web');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** Serves `page` at `/`, and the files of the widget as it is built for a script tag. */
export async function serveBuilt(page: string): Promise<Served> {
  return serve(new Map([...(await builtWidget()), ['/', page]]));
}

/** Serves the gallery (web/gallery.html) as a bundle of a few files, which opens three times as fast as the source. */
export async function serveGallery(): Promise<Served> {
  return serve(await builtGallery());
}

const builtWidget = () => oncePerRun('widget', async () => bundle(await settings()));

const builtGallery = () =>
  oncePerRun('gallery', async () => {
    const build = { target: 'es2023', minify: false, rollupOptions: { input: join(web, 'gallery.html') } } as const;
    return bundle({ ...(await settings()), build });
  });

/**
 * Placeholder for the server's address in the files of {@link builtSite}. A test replaces it by the address of its own
 * server.
 */
export const HOST = 'https://host.invalid';

/** Builds the widget and the pages beside it, as a deployment does. */
export const builtSite = (): Promise<Files> =>
  oncePerRun('site', async () => {
    const { pages } = await import('../../web/bundle/pages.ts');
    const define = { 'import.meta.env.SHOUT_SERVER': JSON.stringify(HOST) };
    const widget = await settings();
    const bundles = [
      bundle({ ...widget, define: { ...widget.define, ...define } }),
      bundle({ ...pages, define: { ...pages.define, ...define } }),
    ];
    return new Map((await Promise.all(bundles)).flatMap((files) => [...files]));
  });

/**
 * Imports Vite's settings only when they are needed, because Vite takes a while to load. If several test files use a
 * bundle, only the first of them builds it ({@link oncePerRun}), and the others do not need Vite.
 */
const settings = async (): Promise<InlineConfig> => (await import('../../web/vite.config.ts')).default;

async function bundle(options: InlineConfig): Promise<Files> {
  const { build } = await import('vite');
  const results = (await build({
    ...options,
    ...{ configFile: false, logLevel: 'error', build: { ...options.build, write: false } },
  })) as Built | Built[];
  const files = [results].flat().flatMap(({ output }) => output);
  return new Map(files.map(({ fileName, code, source }) => [`/${fileName}`, code ?? source ?? '']));
}

async function serve(files: Files): Promise<Served> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const body = files.get(pathname);
    if (body === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', TYPES[extname(pathname)] ?? 'text/html').end(body);
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

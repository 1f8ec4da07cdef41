import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { contentSecurityPolicies, PAGE_HEADERS } from '../web/pages/headers.ts';
import type { LocalSettings } from './settings.ts';
import { buildWidget, configFile, readWidget } from './widget.ts';

const root = join(import.meta.dirname, '..');
const web = join(root, 'web');
const SOURCES = [web, ...['src', 'schemas', 'node_modules'].map((name) => join(root, name))];

/**
 * Starts Vite with the pages on http://localhost. The same pages are on http://127.0.0.1, which browsers treat as
 * another origin. If `other-origin.html` is opened there, it embeds the built widget from http://localhost, as a
 * foreign site does.
 */
export async function startPages(settings: LocalSettings): Promise<Server> {
  const { dataDir, ports, bind, http } = settings;
  const { createServer } = await import('vite');
  const server = createHttpServer();
  const vite = await createServer({
    configFile,
    // Makes Vite import the configuration file directly. Vite would otherwise write a bundled copy into node_modules,
    // which may be read-only.
    configLoader: 'native',
    // The cache is not in node_modules, where two stacks would share it.
    cacheDir: join(dataDir, 'vite'),
    clearScreen: false,
    logLevel: 'warn',
    // Vite runs as a middleware. As a server of its own, it would end this process on SIGTERM, before the other parts
    // of the stack have stopped.
    server: {
      ...{ middlewareMode: { server }, ws: { server } },
      // Allows no CORS, and serves only the sources of the pages. With Vite's defaults, pages on other ports of
      // localhost could read all files of the project, also the data directory with the issuer's key and the database.
      ...{ cors: false, fs: { allow: SOURCES } },
    },
    define: {
      'import.meta.env.SHOUT_SERVER': JSON.stringify(http),
      'import.meta.env.SHOUT_WEB': JSON.stringify(settings.web),
    },
    plugins: [builtWidget(), guardedPages(settings)],
  });
  server.on('request', vite.middlewares).once('close', () => vite.close());
  server.listen(ports.web, bind);
  await once(server, 'listening');
  return server;
}

/**
 * Serves the built widget and its chunks at the same paths as a deployment. Rebuilds the widget first if its sources
 * have changed.
 */
function builtWidget(): Plugin {
  return {
    name: 'shout-box:built-widget',
    configureServer: ({ middlewares }) => {
      middlewares.use(async (request, response, next) => {
        const file = /^\/(shout-box[\w.-]*\.js)(?:\?|$)/.exec(request.url ?? '')?.[1];
        if (!file) return next();
        try {
          await buildWidget();
          const script = await readWidget(file);
          response.writeHead(200, {
            'Content-Type': 'text/javascript',
            'Cache-Control': 'no-cache',
            // A page of another origin fetches a module script with CORS.
            'Access-Control-Allow-Origin': '*',
          });
          response.end(script);
        } catch (error) {
          response.writeHead(500, { 'Content-Type': 'text/plain' });
          response.end(`The widget could not be built: ${(error as Error).message}\n`);
        }
      });
    },
  };
}

/**
 * Serves `embed.html`, `sign-in.html` and `callback.html` with the headers that a deployment sends. Vite's script for
 * reloading is left out, because it opens a connection, and the policy of `callback.html` forbids all connections.
 */
function guardedPages({ http, ws, issuer, allowedOrigins }: LocalSettings): Plugin {
  const policies = contentSecurityPolicies({ elsewhere: [http, ws], issuer: issuer.url, allowedOrigins });
  return {
    name: 'shout-box:guarded-pages',
    configureServer: ({ middlewares }) => {
      middlewares.use(async ({ url }, response, next) => {
        const [, page] = /^\/([\w-]+)\.html(?:\?|$)/.exec(url ?? '') ?? [];
        if (!page || !Object.hasOwn(policies, page)) return next();
        const policy = policies[page as keyof typeof policies];
        response.setHeaders(new Headers({ ...PAGE_HEADERS, 'Content-Security-Policy': policy }));
        response.setHeader('Content-Type', 'text/html; charset=utf-8').setHeader('Cache-Control', 'no-cache');
        response.end(await readFile(join(web, `${page}.html`)));
      });
    },
  };
}

import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { LocalSettings } from './settings.ts';
import { buildWidget, configFile, readWidget } from './widget.ts';

/**
 * Vite with the pages on http://localhost, and the same pages on http://127.0.0.1: to a browser that is another origin,
 * so a page opened there embeds the built widget just as a stranger's site does.
 */
export async function startPages({ dataDir, ports, bind, http, web, allowedOrigins }: LocalSettings): Promise<Server> {
  const { createServer } = await import('vite');
  const server = createHttpServer();
  const vite = await createServer({
    configFile,
    // Imported as it is: Vite would write a bundled copy into node_modules, which may be read-only.
    configLoader: 'native',
    // Not in node_modules: two stacks would write one cache.
    cacheDir: join(dataDir, 'vite'),
    clearScreen: false,
    logLevel: 'warn',
    // As a middleware, because otherwise Vite answers SIGTERM for the whole process.
    server: { middlewareMode: { server }, ws: { server } },
    define: { 'import.meta.env.SHOUT_SERVER': JSON.stringify(http), 'import.meta.env.SHOUT_WEB': JSON.stringify(web) },
    plugins: [builtWidget(), listOrigins(allowedOrigins)],
  });
  server.on('request', vite.middlewares).once('close', () => vite.close());
  server.listen(ports.web, bind);
  await once(server, 'listening');
  return server;
}

/** Serves the built widget and what it loads at the address a site would embed it from, built anew where its sources changed. */
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
            // A module script from another origin is fetched with CORS.
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

/** The list beside the call-back page of who may receive a sign-in, as a deployment puts it there. */
function listOrigins(origins: readonly string[]): Plugin {
  return {
    name: 'shout-box:origins',
    configureServer: ({ middlewares }) => {
      middlewares.use('/origins.json', (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(origins));
      });
    },
  };
}

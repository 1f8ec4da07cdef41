import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Route } from 'playwright-core';
import type { Config } from '../../../src/domain/schema.generated.ts';
import { contentSecurityPolicies, PAGE_HEADERS } from '../../../web/pages/headers.ts';
import { builtSite, type Files, HOST } from '../built.ts';
import { type Api, serveApi } from './api.ts';
import { type Issuer, startIssuer } from './issuer.ts';

const TYPES: Record<string, string> = {
  js: 'text/javascript',
  html: 'text/html',
  css: 'text/css',
  svg: 'image/svg+xml',
};

/**
 * The widget's host (built files with the headers of a deployment, `/config`, and a stand-in for the API), the issuer
 * of `npm start`, and two sites that embed the box. Each has its own origin: host and issuer are on two ports of
 * `localhost`, the sites are on two ports of 127.0.0.1.
 */
export interface Site extends AsyncDisposable {
  /** Origin of the widget's host. */
  host: string;
  issuer: Issuer;
  api: Api;
  /** What `/config` answers; a test may change it. */
  config: Config;
  /**
   * A page with a box, on the site whose exact origin is in `allowedOrigins`. `?remember=` sets the box's
   * attribute `remember`. `?rooms=a,b` shows a box for each room.
   */
  listed: string;
  /**
   * The same page on the other site, whose origin only a pattern in `allowedOrigins` matches. So people must consent to
   * a sign-in there.
   */
  stranger: string;
  /** The listed page with `Cross-Origin-Opener-Policy: same-origin`. */
  cooped: string;
  /** A page that frames `embed.html`. */
  framing: string;
  /**
   * A page that loads the box from its own site, as a bundle would. The site answers unknown paths with a page, as many
   * sites do.
   */
  bundled: string;
  /** A page whose Content Security Policy does not let the box reach the issuer. */
  guarded: string;
  /**
   * A second address of the widget's pages. Its `callback.html` is not registered with the issuer as a redirect URI.
   */
  unregistered: string;
}

export async function startSite(): Promise<Site> {
  const hostServer = await listen('127.0.0.1');
  const [listedServer, strangerServer] = [await listen('127.0.0.1'), await listen('127.0.0.1')];
  const host = `http://localhost:${portOf(hostServer)}`;
  const listed = `http://127.0.0.1:${portOf(listedServer)}`;
  const stranger = `http://127.0.0.1:${portOf(strangerServer)}`;
  const [issuer, files] = await Promise.all([startIssuer(`${host}/callback.html`), builtFiles(host)]);
  const config: Config = {
    webSocketUrl: host.replace('http', 'ws'),
    issuer: issuer.url,
    clientId: 'shout-box',
    audience: 'https://shout-box.example',
    scope: 'openid profile offline_access',
    nameClaim: 'name',
    guests: true,
    // A page on any port of 127.0.0.1 may connect. People must consent to a sign-in on it, unless its origin is listed
    // exactly.
    allowedOrigins: [listed, 'http://127.0.0.1:*'],
    returnPages: [`${listed}/return?page=1`],
    limits: { textGraphemes: 500, textBytes: 2048, pageSize: 100 },
  };
  const policies = contentSecurityPolicies({
    elsewhere: [config.webSocketUrl],
    issuer: issuer.url,
    allowedOrigins: [listed],
  });
  const policyOf: Record<string, string> = Object.fromEntries(
    Object.entries(policies).map(([page, policy]) => [`/${page}.html`, policy]),
  );
  const api = serveApi(hostServer);
  hostServer.on('request', ((request, response) => {
    if (api.answer(request, response)) return undefined;
    const pathname = new URL(request.url!, host).pathname.replace(/^\/unregistered\//, '/');
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (pathname === '/config')
      return response.setHeader('Content-Type', 'application/json').end(JSON.stringify(config));
    const file = files.get(pathname);
    if (file === undefined) return response.writeHead(404).end();
    const policy = policyOf[pathname];
    if (policy) response.setHeaders(new Headers({ ...PAGE_HEADERS, 'Content-Security-Policy': policy }));
    return response.setHeader('Content-Type', TYPES[pathname.split('.').at(-1)!] ?? 'text/plain').end(file);
  }) satisfies RequestListener);
  const boxes = (query: URLSearchParams, from = host) => {
    const [remember, rooms = 'lobby'] = ['remember', 'rooms'].map((name) => query.get(name) ?? undefined);
    const box = (room: string) =>
      `<shout-box server="${host}" lang="en" room="${room}" ${remember ? `remember="${remember}"` : ''}></shout-box>`;
    return `<script type="module" src="${from}/shout-box.js"></script>${rooms.split(',').map(box).join('')}`;
  };
  for (const server of [listedServer, strangerServer]) {
    server.on('request', ({ url }, response) => {
      const { pathname, searchParams } = new URL(url!, listed);
      const own = pathname.endsWith('.js') && files.get(pathname);
      if (own) return response.setHeader('Content-Type', 'text/javascript').end(own);
      response.setHeader('Content-Type', 'text/html');
      if (pathname === '/guarded') {
        response.setHeader('Content-Security-Policy', `connect-src ${host} ${config.webSocketUrl}`);
      }
      if (pathname === '/coop') response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      // An open redirect, as many sites have one.
      if (pathname === '/leave') return response.writeHead(302, { Location: searchParams.get('to')! }).end();
      const bundled = /^\/bundled|sign-in|callback/.test(pathname);
      const frame = `<iframe src="${host}/embed.html?lang=en" width="440" height="560"></iframe>`;
      const body =
        pathname === '/framing' ? frame : pathname === '/blank' ? '' : boxes(searchParams, bundled ? '' : host);
      return response.end(`<!doctype html><html lang="en"><title>A site</title><body>${body}`);
    });
  }
  return {
    ...{ host, issuer, api, config, listed: `${listed}/`, stranger: `${stranger}/` },
    ...{ cooped: `${listed}/coop`, framing: `${listed}/framing`, bundled: `${listed}/bundled` },
    ...{ guarded: `${listed}/guarded`, unregistered: `${host}/unregistered` },
    async [Symbol.asyncDispose]() {
      await Promise.all([hostServer, listedServer, strangerServer].map(close));
      await issuer[Symbol.asyncDispose]();
    },
  };
}

/** Changes the issuer's discovery document. */
export function publish(context: BrowserContext, { issuer }: Site, changes: object): Promise<unknown> {
  return context.route(`${issuer.url}/.well-known/openid-configuration`, async (route) => {
    const document = await (await route.fetch()).json();
    await route.fulfill({ json: { ...document, ...changes }, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
}

/** Answers a request for tokens like an issuer that has ended the session. */
export const endSession = (route: Route): Promise<void> =>
  route.fulfill({
    status: 400,
    headers: { 'Access-Control-Allow-Origin': '*' },
    json: { error: 'invalid_grant' },
  });

/** Returns the files that a deployment builds, with `server` as the widget's host. */
async function builtFiles(server: string): Promise<Files> {
  const files = Array.from(await builtSite(), ([path, content]): [string, string | Uint8Array] => [
    path,
    typeof content === 'string' ? content.replaceAll(HOST, server) : content,
  ]);
  return new Map(files);
}

async function listen(address: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

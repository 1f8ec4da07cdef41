import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createIssuer } from '../../local/issuer/provider.ts';
import { freePort } from '../../local/ports.ts';
import type { Config } from '../../src/domain/schema.generated.ts';
import { addressed, answer } from './answer.ts';
import { resume, signIn } from './sign-in.ts';
import { readState } from './state.ts';

const CALLBACK = 'https://widget.example/callback.html';
const PAGE = 'https://site.example/blog?post=1';

let server: Server;
let config: Config;

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'test' };
  // The issuer's address is part of its tokens, so it must be known first.
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  server = await listen(createIssuerAt(issuer, key), port);
  config = {
    webSocketUrl: 'wss://ws.example',
    issuer,
    clientId: 'shout-box',
    audience: 'https://shout-box.example',
    scope: 'openid profile offline_access',
    nameClaim: 'name',
    guests: true,
    limits: { textGraphemes: 500, textBytes: 2048, pageSize: 100 },
  };
});

afterAll(() => close(server));

/** The browser around the page under test. */
class Page extends EventTarget {
  readonly top = this;
  hash = '';
  left: URL | undefined;
  readonly stored = new Map<string, string>();
  readonly history = {
    state: null,
    replaceState: (_: unknown, __: string, address: string) => this.replaced.push(address),
  };
  readonly replaced: string[] = [];

  hear(params: URLSearchParams, origin = new URL(CALLBACK).origin): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: answer(params), origin }));
  }

  close = vi.fn();
}

let page: Page;

beforeEach(() => {
  page = new Page();
  const { pathname, search } = new URL(PAGE);
  vi.stubGlobal('window', page);
  vi.stubGlobal('history', page.history);
  vi.stubGlobal('location', {
    href: PAGE,
    pathname,
    search,
    get hash() {
      return page.hash;
    },
    assign: (url: URL) => {
      page.left = url;
    },
  });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => page.stored.get(key) ?? null,
    setItem: (key: string, value: string) => page.stored.set(key, value),
    removeItem: (key: string) => page.stored.delete(key),
  });
});

afterEach(() => vi.unstubAllGlobals());

/** A popup in which a person called alice goes through with it. */
function popup(answered: (params: URLSearchParams) => void) {
  const opened = { closed: false, url: undefined as URL | undefined };
  const replace = async (url: URL) => {
    opened.url = url;
    answered(await authorize(url, 'alice'));
  };
  return { ...opened, window: { closed: false, close: vi.fn(), location: { replace } } as unknown as Window, opened };
}

test('a person signs in through the popup and is who the server will say they are', async () => {
  const { window, opened } = popup((params) => page.hear(params));
  const session = await signIn(config, window, CALLBACK);
  const subject = createHash('sha256').update(`${config.issuer}\nalice`).digest('base64url').slice(0, 22);
  expect(session.user).toMatchObject({ id: subject, name: 'alice' });
  expect(claims((await session.getToken())!)).toMatchObject({ aud: config.audience, sub: 'alice', iss: config.issuer });
  expect(window.close).toHaveBeenCalled();
  const asked = opened.url!.searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(asked.get('audience')).toBe(config.audience);
  expect(asked.get('resource')).toBe(config.audience);
  expect(readState(asked.get('state'))).toEqual({ way: 'popup', page: new URL(PAGE) });
});

test('the session renews itself at the issuer, and is over once signed out', async () => {
  const { window } = popup((params) => page.hear(params));
  const session = await signIn(config, window, CALLBACK);
  const first = (await session.getToken())!;
  const second = (await session.getToken(first))!;
  expect(second).not.toBe(first);
  expect(claims(second)).toMatchObject({ aud: config.audience, sub: 'alice' });
  expect(await session.getToken(second)).not.toBe(second);
  await session.signOut();
  expect(await session.getToken()).toBeUndefined();
});

test('an answer that is refused by the issuer is an error with its reason', async () => {
  const { window } = popup((params) => {
    params.delete('code');
    params.set('error', 'access_denied');
    params.set('error_description', 'alice said no');
    page.hear(params);
  });
  await expect(signIn(config, window, CALLBACK)).rejects.toMatchObject({ error: 'access_denied' });
  expect(window.close).toHaveBeenCalled();
});

test('a code meant for another sign-in is not redeemed, nor one from another issuer', async () => {
  const { window } = popup((params) => {
    params.set('iss', 'https://evil.example');
    page.hear(params);
  });
  await expect(signIn(config, window, CALLBACK)).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE' });
});

test('an issuer out of reach closes the popup and says so', async () => {
  const { window } = popup(() => {});
  await expect(signIn({ ...config, issuer: 'http://127.0.0.1:1' }, window, CALLBACK)).rejects.toThrow();
  expect(window.close).toHaveBeenCalled();
});

test('plain HTTP to any other machine is refused before anything is sent', async () => {
  const { window } = popup(() => {});
  await expect(signIn({ ...config, issuer: 'http://issuer.example' }, window, CALLBACK)).rejects.toMatchObject({
    code: 'OAUTH_HTTP_REQUEST_FORBIDDEN',
  });
});

test('a second sign-in takes over from one that nobody finished', async () => {
  const unfinished = signIn(config, popup(() => {}).window, CALLBACK);
  const { window } = popup((params) => page.hear(params));
  const outcome = expect(unfinished).rejects.toThrow('Another sign-in was started.');
  expect((await signIn(config, window, CALLBACK)).user?.name).toBe('alice');
  await outcome;
});

test('where popups are blocked the page itself goes, and is signed in when it is back', async () => {
  page.hash = '#chapter-2';
  void signIn(config, null, CALLBACK);
  await vi.waitFor(() => expect(page.left).toBeDefined());
  const params = await authorize(page.left!, 'alice');
  page.hash = new URL(addressed(readState(params.get('state'))!.page, params)).hash;
  expect(
    await resume({ ...config, issuer: 'https://other.example' }),
    "another server's box lets it be",
  ).toBeUndefined();
  const session = await resume(config);
  expect(session?.user?.name).toBe('alice');
  expect(page.replaced, 'the code leaves the address and the fragment comes back').toEqual(['/blog?post=1#chapter-2']);
  expect(page.stored.size).toBe(0);
  page.hash = '';
  expect(await resume(config)).toBeUndefined();
});

test('an answer nobody asked for is dropped', async () => {
  page.hash = new URL(addressed(new URL(PAGE), new URLSearchParams({ code: 'stolen', state: 'r.redirect.eA' }))).hash;
  expect(await resume(config)).toBeUndefined();
  expect(page.replaced).toEqual(['/blog?post=1']);
});

test('a popup cut off from its opener comes back to the page and hands the answer over there', async () => {
  const { window } = popup(async (params) => {
    page.hash = new URL(addressed(readState(params.get('state'))!.page, params)).hash;
    expect(await resume(config)).toBeUndefined();
    expect(page.close).toHaveBeenCalled();
  });
  expect((await signIn(config, window, CALLBACK)).user?.name).toBe('alice');
});

function createIssuerAt(url: string, key: object): Server {
  return createIssuer({
    url,
    clientId: 'shout-box',
    audience: 'https://shout-box.example',
    nameClaim: 'name',
    roleClaim: 'roles',
    tokenSeconds: 3_600,
    redirectUris: [CALLBACK],
    allowedOrigins: [],
    key,
  });
}

async function listen(to: Server, port: number): Promise<Server> {
  to.listen(port, '127.0.0.1');
  await once(to, 'listening');
  return to;
}

async function close(it: Server): Promise<void> {
  it.closeAllConnections();
  it.close();
  await once(it, 'close');
}

function claims(token: string): object {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
}

/** What a browser does with the authorization request, and `name` on the sign-in page. @returns the call-back's query */
async function authorize(start: URL, name: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let [url, body]: [URL, URLSearchParams | null] = [start, null];
  while (!url.href.startsWith(CALLBACK)) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response: Response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      body,
      redirect: 'manual',
      headers: { cookie },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (key) cookies.set(key, value ?? '');
    }
    const location: string | null = response.headers.get('location');
    [url, body] = location ? [new URL(location, url), null] : [url, new URLSearchParams({ name })];
  }
  return url.searchParams;
}

import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../ports.ts';
import { type SignInOptions, signIn } from '../sign-in.ts';
import { signingKey } from './keys.ts';
import { createIssuer } from './provider.ts';

const web = 'http://localhost:5173';
const redirectUri = `${web}/callback.html`;
const otherRedirectUri = 'http://127.0.0.1:5173/callback.html';
const audience = 'https://shout-box.example';

let dir: string;
let server: Server;
let issuer: string;
let alice: SignInOptions;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'issuer-'));
  const port = await freePort();
  issuer = `http://localhost:${port}`;
  server = createIssuer({
    url: issuer,
    clientId: 'shout-box',
    audience,
    nameClaim: 'nickname',
    roleClaim: 'realm_access.roles',
    tokenSeconds: 60,
    redirectUris: [redirectUri, otherRedirectUri],
    allowedOrigins: [web, 'http://127.0.0.1:*'],
    key: await signingKey(join(dir, 'key.json')),
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  alice = { issuer, clientId: 'shout-box', redirectUri, audience, name: 'alice' };
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});

const refresh = (token: string, origin = web) =>
  fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { Origin: origin },
    body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'shout-box', refresh_token: token }),
  });

describe('the local sign-in', () => {
  it('issues an access token that a resource server can verify (RFC 9068)', async () => {
    const { access_token } = await signIn(alice);
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(access_token, keys, { issuer, audience, typ: 'at+jwt' });
    expect(payload).toMatchObject({ sub: 'alice', name: 'alice', nickname: 'alice', client_id: 'shout-box' });
    expect(payload.exp! - payload.iat!).toBe(60);
    expect(protectedHeader.alg).toBe('ES256');
  });

  it.each([
    ['no resource', { resource: undefined }],
    ['an audience, as Auth0 wants it', { resource: undefined, audience: 'https://shout-box.example' }],
  ])('gives a token for the API when asked with %s', async (_, parameters) => {
    const { access_token } = await signIn({ ...alice, parameters });
    expect(decodeJwt(access_token).aud).toBe(audience);
  });

  it('refuses another resource', async () => {
    await expect(signIn({ ...alice, audience: 'https://bank.example' })).rejects.toThrow('resource');
  });

  it('redirects to a page on another host that is registered, where the person is the same', async () => {
    const tokens = [await signIn(alice), await signIn({ ...alice, redirectUri: otherRedirectUri })];
    expect(tokens.map(({ access_token }) => decodeJwt(access_token).sub)).toEqual(['alice', 'alice']);
  });

  it('redirects to registered addresses only', async () => {
    await expect(signIn({ ...alice, redirectUri: 'https://evil.example/' })).rejects.toThrow('redirect_uri');
  });

  it('refuses a request without PKCE', async () => {
    const parameters = { code_challenge: undefined, code_challenge_method: undefined };
    await expect(signIn({ ...alice, parameters })).rejects.toThrow(/pkce|code_challenge/i);
  });

  it.each(['  ', '\u200b', '\u2800'])('needs a name, and %j is not one', async (name) => {
    await expect(signIn({ ...alice, name })).rejects.toThrow('A name is needed.');
  });

  it.each(['Zoë', 'Zoe\u0308', '王小明', 'Ана ❤️', '\u00e9'.repeat(64), "O'Neill", '<b>"&', '{"role":"moderator"}'])(
    'takes the name %s, with a sub of printable ASCII that is the same each time',
    async (name) => {
      const tokens = await Promise.all([signIn({ ...alice, name }), signIn({ ...alice, name, role: 'moderator' })]);
      const [{ sub, ...claims } = {}, again] = tokens.map(({ access_token }) => decodeJwt(access_token));
      expect(sub).toMatch(/^[\x20-\x7e]{1,255}$/);
      expect(again!.sub).toBe(sub);
      expect(claims.name).toBe(name.normalize('NFC'));
      expect(claims).not.toHaveProperty('realm_access.roles');
      expect(decodeJwt(tokens[0]!.id_token!)).toMatchObject({ sub, name: name.normalize('NFC') });
    },
  );

  it('gives one name the same person, however its characters are composed, and two names two persons', async () => {
    const names = ['Zoë', 'Zoe\u0308', 'Zoé', 'Zo'];
    const tokens = await Promise.all(names.map((name) => signIn({ ...alice, name })));
    const [zoe, decomposed, ...others] = tokens.map(({ access_token }) => decodeJwt(access_token).sub);
    expect(decomposed).toBe(zoe);
    expect(new Set([zoe, ...others]).size).toBe(3);
  });

  it('gives the requested role in this sign-in and its renewals, and in no other sign-in of the same name', async () => {
    const moderator = await signIn({ ...alice, role: 'moderator' });
    const plain = await signIn(alice);
    const rolesOf = (token: string) => decodeJwt(token)['realm_access.roles'];
    expect(rolesOf(moderator.access_token)).toEqual(['moderator']);
    expect(rolesOf(plain.access_token)).toBeUndefined();
    const renewed = (await (await refresh(moderator.refresh_token!)).json()) as { access_token: string };
    expect(rolesOf(renewed.access_token)).toEqual(['moderator']);
    const alsoRenewed = (await (await refresh(plain.refresh_token!)).json()) as { access_token: string };
    expect(rolesOf(alsoRenewed.access_token)).toBeUndefined();
  });

  it('refuses any other role', async () => {
    await expect(signIn({ ...alice, role: 'admin' as 'moderator' })).rejects.toThrow('There is no role "admin"');
  });

  it('asks for the name every time, so that two tabs can be two people', async () => {
    const [first, second] = [await signIn(alice), await signIn({ ...alice, name: 'bob' })];
    expect([first, second].map(({ access_token }) => decodeJwt(access_token).sub)).toEqual(['alice', 'bob']);
    expect((await refresh(first.refresh_token!)).status).toBe(200);
  });

  it('accepts each refresh token once', async () => {
    const { refresh_token } = await signIn(alice);
    const answer = await refresh(refresh_token!);
    expect(answer.headers.get('access-control-allow-origin')).toBe(web);
    const renewed = (await answer.json()) as { access_token: string; refresh_token: string };
    expect(decodeJwt(renewed.access_token)).toMatchObject({ sub: 'alice', aud: audience });
    expect(renewed.refresh_token).not.toBe(refresh_token);
    expect((await refresh(refresh_token!)).status).toBe(400);
  });

  it('answers a page of any port of this machine where the list has them', async () => {
    const { refresh_token } = await signIn(alice);
    const answer = await refresh(refresh_token!, 'http://127.0.0.1:5180');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, 'http://127.0.0.1:5180']);
  });

  it('does not answer pages of other origins', async () => {
    const { refresh_token } = await signIn(alice);
    const answer = await refresh(refresh_token!, 'https://evil.example');
    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('remembers the first sign-in after many others', async () => {
    const { refresh_token } = await signIn(alice);
    await Promise.all(Array.from({ length: 250 }, (_, n) => signIn({ ...alice, name: `person-${n}` })));
    expect((await refresh(refresh_token!)).status).toBe(200);
  });
});

describe('the signing key', () => {
  it('is the same after a restart, and readable by its owner only', async () => {
    const file = join(dir, 'kept/key.json');
    const key = await signingKey(file);
    expect(await signingKey(file)).toEqual(key);
    expect(decodeProtectedHeader((await signIn(alice)).access_token).kid).not.toBe(key.kid);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });
});

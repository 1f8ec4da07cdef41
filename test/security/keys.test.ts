import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IssuerKeys } from '../../src/infra/identity/issuer-keys.ts';
import { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { createKey, expectedOf, jwk, TestIssuer } from './issuer.ts';

/** Shortest time from a successful fetch of the keys to the next fetch, ms. Each fetch takes two requests. */
const COOLDOWN_MS = 30_000;
/** The first and the longest wait after failed fetches, ms. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 5_000;
const HOUR_MS = 3_600_000;

let issuer: TestIssuer;
let verifier: JwtVerifier;
let now: number;

beforeEach(async () => {
  issuer = await TestIssuer.start();
  now = Date.now();
  verifier = verifierOf(issuer.url);
});
afterEach(() => issuer.stop());

function verifierOf(url: string, fetchKeys: typeof fetch = fetch): JwtVerifier {
  const clock = () => now;
  const expected = expectedOf(url);
  return new JwtVerifier(expected, new IssuerKeys(url, fetchKeys, clock), clock);
}

/** Returns a good token, issued now by the clock of this test. */
function token(): string {
  const iat = Math.floor(now / 1_000);
  return issuer.token({ claims: { iat, exp: iat + 600 } });
}

const answers = (tokens: readonly string[]) =>
  Promise.all(
    tokens.map((token) =>
      verifier.verify(token).then(
        () => 'accepted',
        ({ code }) => code,
      ),
    ),
  );

/** Returns tokens with valid signatures by a key that the issuer does not have. Each token names another kid. */
function strangers(count: number): string[] {
  const key = createKey('ES256');
  return Array.from({ length: count }, () => issuer.token({ key: { ...key, kid: crypto.randomUUID() } }));
}

describe('1,000 random kids (RFC 8725 §3.10, ASVS 5 15.2.2)', () => {
  it('at once cost one look at the issuer, however cold', async () => {
    expect(new Set(await answers(strangers(1_000)))).toEqual(new Set(['unauthenticated']));
    expect(issuer.fetches.length).toBe(2);
  });

  it('one after the other for ten minutes cost one look every 30 s, and a good token never waits for them', async () => {
    const tokens = strangers(1_000);
    const begun = now;
    for (const stranger of tokens) {
      now += 600;
      expect(await answers([stranger, token()])).toEqual(['unauthenticated', 'accepted']);
    }
    expect(issuer.fetches.length).toBeLessThanOrEqual(2 * (1 + (now - begun) / COOLDOWN_MS));
  });

  it.each([
    { down: /./, requests: 1, what: 'the issuer is down' },
    { down: /jwks/, requests: 2, what: 'only its JWKS is down' },
  ])('cost as little while $what', async ({ down, requests }) => {
    issuer.goDown(down);
    const begun = now;
    const codes = new Set<string>();
    for (const stranger of strangers(1_000)) {
      now += 600;
      for (const code of await answers([stranger])) codes.add(code);
    }
    expect(codes).toEqual(new Set(['unavailable']));
    // Allows one fetch every 5 s and three more: the first fetch, and two because the first waits are below 5 s.
    expect(issuer.fetches.length).toBeLessThanOrEqual(requests * (3 + (now - begun) / LAST_RETRY_MS));
  });
});

describe('an issuer that is down (ASVS 5 16.5.2)', () => {
  it('cold: asks again within a second, then less and less often, and says each time when', async () => {
    issuer.goDown();
    const waits: number[] = [];
    for (let tries = 1; tries <= 5; tries++) {
      const refusal = await verifier.verify(token()).catch((error) => error);
      expect(refusal.code).toBe('unavailable');
      expect(issuer.fetches.length).toBe(tries);
      waits.push(refusal.retryAfterMs);
      now += refusal.retryAfterMs - 1;
      // An attempt 1 ms too early makes no request to the issuer. Its refusal names the remaining 1 ms as the wait.
      expect(await verifier.verify(token()).catch((error) => error)).toMatchObject({ retryAfterMs: 1 });
      expect(issuer.fetches.length).toBe(tries);
      now += 1;
    }
    expect(waits).toEqual([FIRST_RETRY_MS, 2_000, 4_000, LAST_RETRY_MS, LAST_RETRY_MS]);
  });

  it('cold: works as soon as the issuer is back and the wait is over, and the next outage begins anew', async () => {
    issuer.goDown();
    const refusal = await verifier.verify(token()).catch((error) => error);
    issuer.comeBack();
    now += refusal.retryAfterMs;
    expect(await answers([token()])).toEqual(['accepted']);
    issuer.goDown();
    now += 24 * HOUR_MS + 1;
    expect(await verifier.verify(token()).catch((error) => error)).toMatchObject({ retryAfterMs: FIRST_RETRY_MS });
  });

  it('cold: however many ask at once, one look is under way', async () => {
    issuer.goDown();
    expect(new Set(await answers(Array.from({ length: 200 }, token)))).toEqual(new Set(['unavailable']));
    expect(issuer.fetches.length).toBe(1);
  });

  it('that is silent is given up on in one time-out for both documents', async () => {
    const signals = new Set<unknown>();
    const slow: typeof fetch = async (url, options) => {
      signals.add(options?.signal);
      return fetch(url, options);
    };
    verifier = verifierOf(issuer.url, slow);
    expect(await answers([token()])).toEqual(['accepted']);
    expect(signals.size).toBe(1);
  });

  it('warm: known keys go on for 24 hours, and no longer', async () => {
    await verifier.verify(token());
    issuer.goDown();
    now += 23 * HOUR_MS;
    expect(await answers([token()])).toEqual(['accepted']);
    now += 2 * HOUR_MS;
    expect(await answers([token()])).toEqual(['unavailable']);
  });

  it('with keys rotated meanwhile: the new ones are not refused for good, and work when it is back', async () => {
    await verifier.verify(token());
    issuer.goDown();
    const before = token();
    issuer.rotateKeys();
    now += COOLDOWN_MS;
    expect(await answers([before, token()])).toEqual(['accepted', 'unavailable']);
    issuer.comeBack();
    now += FIRST_RETRY_MS;
    expect(await answers([token()])).toEqual(['accepted']);
    expect(await answers([before])).toEqual(['unauthenticated']);
  });
});

it('a key that began to sign just after the last look is not refused for good', async () => {
  await verifier.verify(token());
  now += 1_000;
  issuer.rotateKeys();
  expect(await answers([token()])).toEqual(['unavailable']);
  now += COOLDOWN_MS;
  expect(await answers([token()])).toEqual(['accepted']);
});

it.each([
  ['in the second of the last look', 0],
  ['by a clock that is behind', -3_000],
  ['by a clock that is ahead', 3_000],
])('nor is one that began to sign %s', async (_, apart) => {
  now = Math.floor(now / 1_000) * 1_000 + 500;
  await verifier.verify(token());
  issuer.rotateKeys();
  now += 200;
  const iat = Math.floor((now + apart) / 1_000);
  expect(await answers([issuer.token({ claims: { iat, exp: iat + 600 } })])).toEqual(['unavailable']);
});

it('a clock that is set back does not keep new keys away', async () => {
  await verifier.verify(token());
  now -= 24 * HOUR_MS;
  issuer.rotateKeys();
  expect(await answers([token()])).toEqual(['accepted']);
});

it('an empty set of keys by mistake does not replace known ones', async () => {
  const withoutKeys: typeof fetch = async (url, init) =>
    String(url).endsWith('/.well-known/openid-configuration') || !empty
      ? fetch(url, init)
      : Response.json({ keys: [] });
  let empty = false;
  verifier = verifierOf(issuer.url, withoutKeys);
  await verifier.verify(token());
  empty = true;
  now += HOUR_MS;
  expect(await answers([token()])).toEqual(['accepted']);
});

describe('documents not to be believed', () => {
  const ISSUER = 'https://issuer.example';
  const keysAt = (jwks_uri: unknown) => ({ issuer: ISSUER, jwks_uri });

  /** Returns a `fetch` that answers the request for the discovery document with `discovery`, any other with `keys`. */
  const answering =
    (discovery: object, keys: unknown): typeof fetch =>
    async (url) =>
      Response.json(String(url).endsWith('/.well-known/openid-configuration') ? discovery : { keys });

  it.each([
    { what: 'good ones are', discovery: keysAt(`${ISSUER}/jwks`), answer: 'accepted', source: 'RFC 8414 §2' },
    {
      what: 'a discovery document of another issuer',
      discovery: { issuer: 'https://evil.example', jwks_uri: `${ISSUER}/jwks` },
      source: 'OpenID Connect Discovery §4.3, ASVS 5 10.5.3',
    },
    {
      what: 'keys that would come without TLS',
      discovery: keysAt('http://issuer.example/jwks'),
      source: 'RFC 8414 §2',
    },
    { what: 'keys from a file', discovery: keysAt('file:///etc/passwd'), source: 'ASVS 5 1.3.6' },
    { what: 'no place of keys', discovery: keysAt(undefined), source: 'RFC 8414 §2' },
    { what: 'a key set that is none', discovery: keysAt(`${ISSUER}/jwks`), keys: 'all', source: 'RFC 7517 §5' },
    {
      what: 'a key set of over 256 KB',
      discovery: keysAt(`${ISSUER}/jwks`),
      more: [{ kty: 'RSA', n: 'n'.repeat(256 * 1_024) }],
      source: 'ASVS 5 15.2.2',
    },
  ])('$what ($source)', async ({ discovery, keys, more = [], answer = 'unavailable' }) => {
    verifier = verifierOf(ISSUER, answering(discovery, keys ?? [jwk(issuer.key), ...more]));
    expect(await answers([issuer.token({ claims: { iss: ISSUER } })])).toEqual([answer]);
  });

  it('a redirect is not followed (ASVS 5 15.3.2)', async () => {
    const elsewhere = createServer((request, response) =>
      response.writeHead(302, { location: `${issuer.url}${request.url}` }).end(),
    );
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    verifier = verifierOf(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`);
    expect(await answers([token()])).toEqual(['unavailable']);
    expect(issuer.fetches).toEqual([]);
    elsewhere.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorId } from '../../src/infra/identity/actor.ts';
import type { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { AUDIENCE, CLIENT_ID, TestIssuer } from './issuer.ts';

let issuer: TestIssuer;
let verifier: JwtVerifier;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  verifier = issuer.verifier();
});
afterAll(() => issuer.stop());

const seconds = () => Math.floor(Date.now() / 1_000);

/**
 * Returns a token with valid claims, but without those in `without`. Appends `json` to the text of the claims, so that
 * a test can send what `JSON.stringify` cannot write, such as the number 1e400 or the same claim twice.
 */
function withJson(json: string, without: readonly string[] = []): string {
  const claims = Object.entries(issuer.claims()).filter(([name]) => !without.includes(name));
  const header = JSON.stringify({ alg: issuer.key.alg, typ: 'at+jwt', kid: issuer.key.kid });
  return issuer.sign(header, `${JSON.stringify(Object.fromEntries(claims)).slice(0, -1)},${json}}`);
}

const refused = [
  {
    attack: 'another issuer',
    token: () => issuer.token({ claims: { iss: 'https://evil.example' } }),
    source: 'RFC 8725 §3.8',
  },
  {
    attack: 'iss with a trailing slash',
    token: () => issuer.token({ claims: { iss: `${issuer.url}/` } }),
    source: 'RFC 9068 §4',
  },
  { attack: 'iss is a list', token: () => issuer.token({ claims: { iss: [issuer.url] } }), source: 'RFC 7519 §4.1.1' },
  { attack: 'no iss', token: () => issuer.token({ claims: { iss: undefined } }), source: 'RFC 9068 §2.2' },
  {
    attack: 'another audience',
    token: () => issuer.token({ claims: { aud: 'https://other.example' } }),
    source: 'RFC 8725 §3.9',
  },
  {
    attack: 'our audience as a prefix',
    token: () => issuer.token({ claims: { aud: `${AUDIENCE}.evil.example` } }),
    source: 'RFC 8725 §3.9',
  },
  { attack: 'no aud', token: () => issuer.token({ claims: { aud: undefined } }), source: 'RFC 9068 §4' },
  { attack: 'aud is an empty list', token: () => issuer.token({ claims: { aud: [] } }), source: 'RFC 9068 §4' },
  {
    attack: 'no aud, and a client of another’s',
    token: () => issuer.token({ claims: { aud: undefined, token_use: 'access', client_id: 'other' } }),
    source: 'RFC 9068 §4',
  },
  {
    attack: 'an ID token (its audience is the client)',
    token: () => issuer.token({ header: { typ: 'JWT' }, claims: { aud: CLIENT_ID, nonce: 'n' } }),
    source: 'RFC 8725 §3.12, ASVS 5 9.2.2',
  },
  {
    attack: 'an ID token with our audience and a nonce',
    token: () => issuer.token({ header: { typ: 'JWT' }, claims: { nonce: 'n' } }),
    source: 'OpenID Connect Core §2',
  },
  {
    attack: 'an ID token with our audience and at_hash',
    token: () => issuer.token({ header: { typ: 'JWT' }, claims: { at_hash: 'h' } }),
    source: 'OpenID Connect Core §3.1.3.6',
  },
  {
    attack: 'an ID token as Cognito marks it',
    token: () => issuer.token({ header: { typ: undefined }, claims: { token_use: 'id' } }),
    source: 'ASVS 5 9.2.2',
  },
  {
    attack: 'an ID token as Keycloak marks it',
    token: () => issuer.token({ header: { typ: 'JWT' }, claims: { typ: 'ID' } }),
    source: 'ASVS 5 9.2.2',
  },
  { attack: 'a logout token', token: () => issuer.token({ header: { typ: 'logout+jwt' } }), source: 'RFC 8725 §3.11' },
  {
    attack: 'expired',
    token: () => issuer.token({ claims: { exp: seconds() - 60 } }),
    source: 'RFC 7519 §4.1.4, ASVS 5 9.2.1',
  },
  { attack: 'no exp', token: () => issuer.token({ claims: { exp: undefined } }), source: 'RFC 9068 §2.2' },
  {
    attack: 'exp is a string',
    token: () => issuer.token({ claims: { exp: String(seconds() + 600) } }),
    source: 'RFC 7519 §2',
  },
  { attack: 'exp is 1e400', token: () => withJson('"exp":1e400', ['exp']), source: 'RFC 8259 §6' },
  {
    attack: 'exp in 100 years',
    token: () => issuer.token({ claims: { exp: seconds() + 100 * 31_557_600 } }),
    source: 'ASVS 5 9.2.1',
  },
  {
    attack: 'nbf in the future',
    token: () => issuer.token({ claims: { nbf: seconds() + 60 } }),
    source: 'RFC 7519 §4.1.5, ASVS 5 9.2.1',
  },
  { attack: 'nbf is a string', token: () => issuer.token({ claims: { nbf: '0' } }), source: 'RFC 7519 §2' },
  {
    attack: 'iat in the future',
    token: () => issuer.token({ claims: { iat: seconds() + 60 } }),
    source: 'RFC 7519 §4.1.6',
  },
  { attack: 'iat is a string', token: () => issuer.token({ claims: { iat: '0' } }), source: 'RFC 7519 §2' },
  { attack: 'no sub', token: () => issuer.token({ claims: { sub: undefined } }), source: 'RFC 9068 §2.2' },
  { attack: 'sub is empty', token: () => issuer.token({ claims: { sub: '' } }), source: 'OpenID Connect Core §2' },
  { attack: 'sub is a number', token: () => issuer.token({ claims: { sub: 1 } }), source: 'RFC 7519 §4.1.2' },
  {
    attack: 'sub is an object',
    token: () => issuer.token({ claims: { sub: { toString: 'alice' } } }),
    source: 'RFC 7519 §4.1.2',
  },
  {
    attack: 'sub of 256 characters',
    token: () => issuer.token({ claims: { sub: 's'.repeat(256) } }),
    source: 'OpenID Connect Core §2',
  },
  {
    attack: 'sub of 10 KB',
    token: () => issuer.token({ claims: { sub: 's'.repeat(10_240) } }),
    source: 'OpenID Connect Core §2',
  },
  {
    attack: 'sub with control characters',
    token: () => issuer.token({ claims: { sub: 'alice\u0000' } }),
    source: 'OpenID Connect Core §2',
  },
  {
    attack: 'sub with a line break, as it joins issuer and subject in the actor’s id',
    token: () => issuer.token({ claims: { sub: 'a\nb' } }),
    source: 'OpenID Connect Core §2',
  },
  {
    attack: 'claims are a list',
    token: () => issuer.sign(JSON.stringify({ alg: 'ES256', kid: issuer.key.kid }), '[]'),
    source: 'RFC 7519 §7.2',
  },
  {
    attack: 'claims are not JSON',
    token: () => issuer.sign(JSON.stringify({ alg: 'ES256', kid: issuer.key.kid }), 'sub=alice'),
    source: 'RFC 7519 §7.2',
  },
];

describe('claims refused', () => {
  it.each(refused)('$attack ($source)', async ({ token }) => {
    await expect(verifier.verify(token())).rejects.toMatchObject({ name: 'ShoutError', code: 'unauthenticated' });
  });
});

describe('claims accepted', () => {
  it.each([
    { what: 'an access token', token: () => issuer.token(), source: 'RFC 9068 §4' },
    { what: 'RS256', token: () => issuer.token({ key: issuer.rsaKey }), source: 'RFC 9068 §4' },
    {
      what: 'typ JWT, as most issuers say',
      token: () => issuer.token({ header: { typ: 'JWT' } }),
      source: 'RFC 7519 §5.1',
    },
    { what: 'no typ', token: () => issuer.token({ header: { typ: undefined } }), source: 'RFC 7519 §5.1' },
    {
      what: 'ours among its audiences',
      token: () => issuer.token({ claims: { aud: ['other', AUDIENCE] } }),
      source: 'RFC 7519 §4.1.3',
    },
    {
      what: 'no aud but our client, as Cognito has it',
      token: () => issuer.token({ claims: { aud: undefined, token_use: 'access', client_id: AUDIENCE } }),
      source: 'RFC 9068 §2.2',
    },
    {
      what: 'expired for less than the clock tolerance',
      token: () => issuer.token({ claims: { exp: seconds() - 1 } }),
      source: 'RFC 7519 §4.1.4',
    },
    {
      what: 'headers we do not know',
      token: () => issuer.token({ header: { 'x-trace': 'a' } }),
      source: 'RFC 7515 §4',
    },
    {
      what: 'a __proto__ claim',
      token: () => withJson('"__proto__":{"sub":"admin","name":"Admin"}'),
      source: 'ASVS 5 15.3.6',
    },
  ])('$what ($source)', async ({ token }) => {
    const { actor } = await verifier.verify(token());
    expect(actor).toEqual({ id: actorId(issuer.url, 'alice'), name: 'Alice', skeleton: expect.any(String) });
    expect(Object.prototype).not.toHaveProperty('sub');
  });

  it('take the last of a claim that is there twice, as every reader does (RFC 7519 §4)', async () => {
    const { actor } = await verifier.verify(withJson('"sub":"bob"'));
    expect(actor.id).toBe(actorId(issuer.url, 'bob'));
  });

  it('answer whole milliseconds for an exp with a fraction (RFC 7519 §2)', async () => {
    const exp = seconds() + 600.123456;
    const { expiresAt } = await verifier.verify(issuer.token({ claims: { exp } }));
    expect(expiresAt).toBe(Math.floor(exp * 1_000));
  });

  it('make one person of one sub and two of the same sub at two issuers (ASVS 5 10.3.3)', async () => {
    const other = await TestIssuer.start();
    try {
      const theirs = other.verifier();
      const [here, again, there] = await Promise.all([
        verifier.verify(issuer.token()),
        verifier.verify(issuer.token({ claims: { name: 'Another name' } })),
        theirs.verify(other.token()),
      ]);
      expect(again.actor.id).toBe(here.actor.id);
      expect(there.actor.id).not.toBe(here.actor.id);
      await expect(theirs.verify(issuer.token())).rejects.toMatchObject({ code: 'unauthenticated' });
    } finally {
      await other.stop();
    }
  });
});

describe('a required scope', () => {
  it.each([
    { scopes: { scope: 'openid shout' }, answer: 'accepted', source: 'RFC 8693 §4.2' },
    { scopes: { scp: ['shout'] }, answer: 'accepted', source: 'RFC 9068 §2.2.3' },
    { scopes: {}, answer: 'forbidden', source: 'RFC 6750 §3.1, ASVS 5 10.3.2' },
    { scopes: { scope: 'shouting' }, answer: 'forbidden', source: 'RFC 6750 §3.1' },
    { scopes: { scope: 'xshout' }, answer: 'forbidden', source: 'RFC 6750 §3.1' },
    { scopes: { scope: { shout: true } }, answer: 'forbidden', source: 'RFC 6750 §3.1' },
  ])('$scopes: $answer ($source)', async ({ scopes, answer }) => {
    const scoped = issuer.verifier({ requiredScope: 'shout' });
    const outcome = await scoped.verify(issuer.token({ claims: scopes })).then(
      () => 'accepted',
      ({ code }) => code,
    );
    expect(outcome).toBe(answer);
  });
});

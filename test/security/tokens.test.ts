import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/domain/schema.generated.ts';
import { actorId } from '../../src/infra/identity/actor.ts';
import { IssuerKeys } from '../../src/infra/identity/issuer-keys.ts';
import { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { AUDIENCE, base64url, CLIENT_ID, createKey, jwk, TestIssuer } from './issuer.ts';

let issuer: TestIssuer;
let verifier: JwtVerifier;
/** A server of the attacker's. Nothing may ever ask it for anything. */
const attacker = createServer((_request, response) => {
  attackerWasAsked++;
  response.end('{}');
});
let attackerWasAsked = 0;
let attackerUrl: string;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve));
  attackerUrl = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}`;
  verifier = new JwtVerifier({ issuer: issuer.url, audience: AUDIENCE, nameClaim: 'name', requiredScope: undefined });
  await verifier.verify(issuer.token());
});
afterAll(async () => {
  await issuer.stop();
  attacker.close();
});

const seconds = () => Math.floor(Date.now() / 1_000);

/** A token whose payload is the good one with `json` written into it, which may say what `JSON.stringify` cannot. */
function withJson(json: string, without: readonly string[] = []): string {
  const claims = Object.entries(issuer.claims()).filter(([name]) => !without.includes(name));
  const header = JSON.stringify({ alg: issuer.key.alg, typ: 'at+jwt', kid: issuer.key.kid });
  return issuer.sign(header, `${JSON.stringify(Object.fromEntries(claims)).slice(0, -1)},${json}}`);
}

function unsigned(alg: string): string {
  return `${base64url(JSON.stringify({ alg }))}.${base64url(JSON.stringify(issuer.claims()))}.`;
}

/** Signed with the issuer's public key as if it were an HMAC secret. */
function confused(): string {
  const secret = issuer.rsaKey.publicKey.export({ format: 'pem', type: 'spki' });
  const header = { alg: 'HS256', typ: 'at+jwt', kid: issuer.rsaKey.kid };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(issuer.claims()))}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function withLastByteFlipped(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const bytes = Buffer.from(signature, 'base64url');
  bytes[bytes.length - 1]! ^= 1;
  return [header, payload, bytes.toString('base64url')].join('.');
}

interface Row {
  attack: string;
  token: () => string;
  source: string;
  answer?: ErrorCode;
}

const signatures: Row[] = [
  { attack: 'alg none', token: () => unsigned('none'), source: 'RFC 8725 §3.2' },
  { attack: 'alg nOnE', token: () => unsigned('nOnE'), source: 'RFC 8725 §3.2' },
  { attack: 'alg none with a signature', token: () => `${unsigned('none')}c2ln`, source: 'RFC 8725 §3.2' },
  { attack: 'HS256 with the public key as the secret', token: confused, source: 'RFC 8725 §2.1, §3.1' },
  { attack: 'no alg', token: () => issuer.token({ header: { alg: undefined } }), source: 'RFC 7515 §4.1.1' },
  { attack: 'alg is a list', token: () => issuer.token({ header: { alg: ['ES256'] } }), source: 'RFC 7515 §4.1.1' },
  {
    attack: 'an algorithm that is not the key’s',
    token: () => issuer.token({ header: { alg: 'RS256' } }),
    source: 'RFC 8725 §3.1',
  },
  {
    attack: 'RS512, which the key could do and nobody allowed',
    token: () => {
      const { kid } = issuer.rsaKey;
      const header = JSON.stringify({ alg: 'RS512', typ: 'at+jwt', kid });
      return issuer.sign(header, JSON.stringify(issuer.claims()), issuer.rsaKey, 'sha512');
    },
    source: 'RFC 8725 §3.1, ASVS 5 9.1.2',
  },
  {
    attack: 'one bit of the signature changed',
    token: () => withLastByteFlipped(issuer.token()),
    source: 'ASVS 5 9.1.1',
  },
  {
    attack: 'another payload under a good signature',
    token: () => {
      const [header, , signature] = issuer.token().split('.');
      return `${header}.${base64url(JSON.stringify(issuer.claims({ sub: 'admin' })))}.${signature}`;
    },
    source: 'ASVS 5 9.1.1',
  },
  {
    attack: 'a key of the attacker’s under the issuer’s kid',
    token: () => issuer.token({ key: { ...createKey('ES256'), kid: issuer.key.kid } }),
    source: 'ASVS 5 9.1.1',
  },
  {
    attack: 'unknown crit',
    token: () => issuer.token({ header: { crit: ['urn:x'], 'urn:x': 1 } }),
    source: 'RFC 7515 §4.1.11',
  },
  { attack: 'empty crit', token: () => issuer.token({ header: { crit: [] } }), source: 'RFC 7515 §4.1.11' },
  {
    attack: 'b64=false',
    token: () => issuer.token({ header: { b64: false, crit: ['b64'] } }),
    source: 'RFC 7797 §7',
  },
  {
    attack: 'kid that climbs directories',
    token: () => issuer.token({ header: { kid: '../../../../dev/null' } }),
    source: 'RFC 8725 §3.10',
  },
  {
    attack: 'kid with SQL in it',
    token: () => issuer.token({ header: { kid: "x' UNION SELECT 'key';--" } }),
    source: 'RFC 8725 §3.10',
  },
  { attack: 'kid is a number', token: () => issuer.token({ header: { kid: 1 } }), source: 'RFC 7515 §4.1.4' },
  { attack: 'kid is an object', token: () => issuer.token({ header: { kid: {} } }), source: 'RFC 7515 §4.1.4' },
  {
    attack: 'kid of 10 KB',
    token: () => issuer.token({ header: { kid: 'k'.repeat(10_240) } }),
    source: 'ASVS 5 2.2.1',
  },
];

const headersThatBringAKey: Row[] = [
  ['jwk', () => jwk(createKey('ES256'))],
  ['jku', () => `${attackerUrl}/jwks`],
  ['x5u', () => `${attackerUrl}/chain.pem`],
  ['x5c', () => ['MIIB']],
].map(([name, value]) => ({
  attack: `${name} in the header`,
  token: () => {
    const key = createKey('ES256');
    return issuer.token({ key, header: { [name as string]: (value as () => unknown)() } });
  },
  source: 'RFC 8725 §3.10, ASVS 5 9.1.3',
}));

const claims: Row[] = [
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

const shapes: Row[] = [
  ['nothing', () => ''],
  ['one part', () => 'token'],
  ['five parts, as an encrypted token has', () => 'a.b.c.d.e'],
  ['a header that is not JSON', () => 'AAAA.AAAA.AAAA'],
  ['a good token and a line break', () => `${issuer.token()}\r\n`],
  ['a good token with a line break in it', () => issuer.token().replace('.', '.\n')],
  ['a good token with padding', () => `${issuer.token()}=`],
  ['a good token in the alphabet of plain base64', () => `${issuer.token()}+/`],
  ['a good token and one part more', () => `${issuer.token()}.e30`],
  ['a good token, but of 9 KB', () => issuer.token({ claims: { groups: 'g'.repeat(6_500) } })],
  ['a JSON serialization', () => '{"payload":"e30"}'],
].map(([attack, token]) => ({
  attack: attack as string,
  token: token as () => string,
  source: 'RFC 7515 §3.1, ASVS 5 2.2.1',
}));

describe.each([
  ['signatures', signatures],
  ['headers that bring a key', headersThatBringAKey],
  ['claims', claims],
  ['shapes', shapes],
])('tokens refused: %s', (_group, rows) => {
  it.each(rows)('$attack ($source)', async ({ token, answer = 'unauthenticated' }) => {
    const before = issuer.fetches.length;
    await expect(verifier.verify(token())).rejects.toMatchObject({ name: 'ShoutError', code: answer });
    expect(issuer.fetches.length).toBe(before);
    expect(attackerWasAsked).toBe(0);
  });
});

describe('tokens accepted', () => {
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
    expect(actor).toEqual({ id: actorId(issuer.url, 'alice'), name: 'Alice' });
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
      const theirs = new JwtVerifier({
        issuer: other.url,
        audience: AUDIENCE,
        nameClaim: 'name',
        requiredScope: undefined,
      });
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
    const scoped = new JwtVerifier({
      issuer: issuer.url,
      audience: AUDIENCE,
      nameClaim: 'name',
      requiredScope: 'shout',
    });
    const outcome = await scoped.verify(issuer.token({ claims: scopes })).then(
      () => 'accepted',
      ({ code }) => code,
    );
    expect(outcome).toBe(answer);
  });
});

describe('names and pictures', () => {
  const pseudonym = () => `guest-${actorId(issuer.url, 'alice').slice(0, 4)}`;
  it.each([
    {
      attack: 'a forged log line',
      name: 'Eve\r\n{"level":"info","event":"forged"}',
      shown: 'Eve {"level":"info","event":"forged"}',
      source: 'ASVS 5 16.4.1',
    },
    { attack: 'terminal escapes', name: 'Eve\u001b[2J\u0007', shown: 'Eve [2J', source: 'ASVS 5 16.4.1' },
    {
      attack: 'a bidi override',
      name: 'Eve\u202ednuor gnorw\u202c',
      shown: 'Eve dnuor gnorw',
      source: 'Unicode TR 36, bidirectional text spoofing',
    },
    {
      attack: 'bidi isolates',
      name: '\u2066Eve\u2069',
      shown: 'Eve',
      source: 'Unicode TR 36, bidirectional text spoofing',
    },
    {
      attack: 'line and paragraph separators',
      name: 'Eve\u2028and\u2029Adam',
      shown: 'Eve and Adam',
      source: 'ASVS 5 16.4.1',
    },
    { attack: 'a lone surrogate', name: 'Eve\ud800', shown: 'Eve\ufffd', source: 'RFC 8259 §8.2' },
    {
      attack: 'markup',
      name: '<img src=x onerror=alert(1)>',
      shown: '<img src=x onerror=alert(1)>',
      source: 'ASVS 5 1.1.2',
    },
    { attack: '65 graphemes', name: '👩‍🚀'.repeat(65), shown: '👩‍🚀'.repeat(25), source: 'ASVS 5 2.2.1' },
    {
      attack: '2,000 combining marks on one letter',
      name: `Z${'\u0301'.repeat(2_000)}`,
      shown: undefined,
      source: 'Unicode TR 36, inadequate rendering support',
    },
    {
      attack: 'nothing one could see',
      name: '\u200b\u2060\ufeff ',
      shown: undefined,
      source: 'Unicode TR 36, inadequate rendering support',
    },
    { attack: 'empty', name: '', shown: undefined, source: 'ASVS 5 2.2.1' },
    { attack: 'an object', name: { toString: 'Eve' }, shown: undefined, source: 'ASVS 5 15.3.5' },
  ])('$attack ($source)', async ({ name, shown }) => {
    const { actor } = await verifier.verify(issuer.token({ claims: { name } }));
    expect(actor.name).toBe(shown ?? pseudonym());
  });

  it.each([
    { picture: 'https://example.org/alice.png', kept: 'https://example.org/alice.png', source: 'ASVS 5 1.2.2' },
    { picture: 'javascript:alert(1)', kept: undefined, source: 'ASVS 5 1.2.2' },
    { picture: 'data:image/svg+xml,<svg onload=alert(1)>', kept: undefined, source: 'ASVS 5 1.2.2' },
    { picture: 'http://example.org/alice.png', kept: undefined, source: 'ASVS 5 4.4.1' },
    { picture: 'https://user:password@example.org/', kept: undefined, source: 'RFC 3986 §7.6' },
    {
      picture: 'https://example.org/"onerror="alert(1)',
      kept: 'https://example.org/%22onerror=%22alert(1)',
      source: 'ASVS 5 1.2.2',
    },
    { picture: `https://example.org/${'a'.repeat(1_024)}`, kept: undefined, source: 'ASVS 5 2.2.1' },
    { picture: ['https://example.org/'], kept: undefined, source: 'ASVS 5 15.3.5' },
  ])('picture $picture ($source)', async ({ picture, kept }) => {
    const { actor } = await verifier.verify(issuer.token({ claims: { picture } }));
    expect(actor.picture).toBe(kept);
  });
});

describe('size', () => {
  it('a token of 5 MB is refused in under 5 ms, without asking for keys (ASVS 5 15.2.2)', async () => {
    const cold = new JwtVerifier(
      { issuer: issuer.url, audience: AUDIENCE, nameClaim: 'name', requiredScope: undefined },
      new IssuerKeys(issuer.url, () => Promise.reject(new Error('Nobody may ask.'))),
    );
    const wellSigned = issuer.token({ claims: { groups: 'g'.repeat(3_700_000) } });
    for (const token of ['a'.repeat(5_000_000), wellSigned]) {
      const times: number[] = [];
      for (let run = 0; run < 11; run++) {
        const begun = performance.now();
        await expect(cold.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
        times.push(performance.now() - begun);
      }
      // The median: on a busy machine, one run may have had to wait for its turn.
      expect(times.sort((a, b) => a - b)[5]).toBeLessThan(5);
    }
  });
});

import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IssuerKeys } from '../../src/infra/identity/issuer-keys.ts';
import { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { processorTime } from '../../src/infra/testing/processor-time.ts';
import { base64url, createKey, jwk, TestIssuer } from './issuer.ts';

let issuer: TestIssuer;
let verifier: JwtVerifier;
/** The attacker's server. It must never receive a request. */
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
  verifier = issuer.verifier();
  await verifier.verify(issuer.token());
});
afterAll(async () => {
  await issuer.stop();
  attacker.close();
});

function unsigned(alg: string): string {
  return `${base64url(JSON.stringify({ alg }))}.${base64url(JSON.stringify(issuer.claims()))}.`;
}

/** Returns a token signed with HMAC, with the issuer's public key as the secret. */
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
  ['shapes', shapes],
])('tokens refused: %s', (_group, rows) => {
  it.each(rows)('$attack ($source)', async ({ token }) => {
    const before = issuer.fetches.length;
    await expect(verifier.verify(token())).rejects.toMatchObject({ name: 'ShoutError', code: 'unauthenticated' });
    expect(issuer.fetches.length).toBe(before);
    expect(attackerWasAsked).toBe(0);
  });
});

describe('size', () => {
  it('a token of 5 MB is refused in under 5 ms of processor time, without asking for keys (ASVS 5 15.2.2)', async () => {
    const cold = new JwtVerifier(
      issuer.expected(),
      new IssuerKeys(issuer.url, () => Promise.reject(new Error('Nobody may ask.')), Date.now),
      Date.now,
    );
    const wellSigned = issuer.token({ claims: { groups: 'g'.repeat(3_700_000) } });
    for (const token of ['a'.repeat(5_000_000), wellSigned]) {
      const times: number[] = [];
      for (let run = 0; run < 11; run++) {
        const refused = () => expect(cold.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
        times.push(await processorTime(refused));
      }
      // Takes the median, because the garbage of another test may be collected in one of the runs.
      expect(times.sort((a, b) => a - b)[5]).toBeLessThan(5);
    }
  });
});

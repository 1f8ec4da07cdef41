import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorId } from '../../src/infra/identity/actor.ts';
import type { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { readIdentity } from '../../src/infra/settings.ts';
import { AUDIENCE, TestIssuer } from './issuer.ts';

let issuer: TestIssuer;
let verifier: JwtVerifier;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  verifier = issuer.verifier();
});
afterAll(() => issuer.stop());

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
      shown: 'Evednuor gnorw',
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
      shown: `\u0179${'\u0301'.repeat(4)}`,
      source: 'UTS 39 §5.4',
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
    { picture: 'https://evil.example/alice.png', kept: undefined, source: 'ASVS 5 15.3.2' },
    { picture: 'https://cdn.example.org/alice.png', kept: undefined, source: 'ASVS 5 15.3.2' },
    { picture: 'https://example.org.evil.example/', kept: undefined, source: 'ASVS 5 15.3.2' },
    { picture: 'https://example.org:8443/alice.png', kept: undefined, source: 'ASVS 5 15.3.2' },
    { picture: 'https://example.org@evil.example/', kept: undefined, source: 'RFC 3986 §7.6' },
    { picture: 'https://example.org\\@evil.example/', kept: 'https://example.org/@evil.example/', source: 'URL §4.4' },
    { picture: 'https://127.0.0.1/', kept: undefined, source: 'ASVS 5 15.3.2' },
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

  it.each([
    { issuer: 'https://id.example.org/realms/x', listed: '', origins: ['https://id.example.org'] },
    { issuer: 'http://localhost:4000', listed: '', origins: [] },
    { issuer: 'https://localhost:4000', listed: '', origins: [] },
    { issuer: 'https://[::1]:4000', listed: '', origins: [] },
    { issuer: 'https://id.example.org', listed: 'https://p.example.org', origins: ['https://p.example.org'] },
    {
      issuer: 'https://id.example.org',
      listed: 'https://p.example.org, https://lh3.googleusercontent.com',
      origins: ['https://p.example.org', 'https://lh3.googleusercontent.com'],
    },
  ])('with the issuer $issuer and "$listed" listed, pictures load from $origins', ({ issuer, listed, origins }) => {
    const env = { ISSUER: issuer, AUDIENCE, PICTURE_ORIGINS: listed };
    expect(readIdentity(env).pictureOrigins).toEqual(origins);
  });

  it.each([
    ...['*', 'http://example.org', 'https://example.org/', 'https://example.org/path', 'example.org'],
    ...['https://127.0.0.1', 'https://10.1.2.3', 'https://192.168.0.1:8443', 'https://0x7f.1', 'https://2130706433'],
    ...[
      'https://169.254.169.254',
      'https://[::1]',
      'https://[::ffff:10.0.0.1]',
      'https://[fd00::1]',
      'https://8.8.8.8',
    ],
    ...['https://localhost', 'https://a.localhost', 'https://printer.local', 'https://db.internal', 'https://router'],
    ...['https://nas.home.arpa', 'https://localhost.', 'https://example.org, https://10.0.0.1'],
  ])('PICTURE_ORIGINS=%s is a wrong configuration (ASVS 5 15.3.2)', (listed) => {
    const env = { ISSUER: 'https://id.example.org', AUDIENCE, PICTURE_ORIGINS: listed };
    expect(() => readIdentity(env)).toThrow('PICTURE_ORIGINS must be origins');
  });
});

import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { IssuerKeys } from '../src/infra/identity/issuer-keys.ts';
import { JwtVerifier } from '../src/infra/identity/token-verifier.ts';
import { interleave, median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import type { Options } from './main.ts';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://shout-box.example';
const EXPECTED = {
  ...{ issuer: ISSUER, audience: AUDIENCE, nameClaim: 'name', requiredScope: undefined },
  ...{ roleClaim: 'roles', moderators: ['moderator'], pictureOrigins: [ISSUER], roomRoles: [] },
};

/** Measures how fast tokens are verified when the issuer's keys are already known. */
export async function run({ quick }: Options): Promise<Report> {
  const tokens = quick ? 200 : 2_000;
  const rows: (string | number)[][] = [];
  const rates = new Map<string, { ours: number; limit: number }>();
  for (const algorithm of ['RS256', 'ES256', 'EdDSA']) {
    const { publicKey, privateKey } = await generateKeyPair(algorithm);
    const now = Math.floor(Date.now() / 1_000);
    const token = await new SignJWT({ name: 'Alice', scope: 'openid profile', jti: 'a'.repeat(22) })
      .setProtectedHeader({ alg: algorithm, kid: 'key', typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject('alice')
      .setIssuedAt(now)
      .setExpirationTime(now + 3_600)
      .sign(privateKey);
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: algorithm };
    const issuer: typeof fetch = async (url) =>
      Response.json(String(url).endsWith('/jwks') ? { keys: [jwk] } : { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` });
    const verifier = new JwtVerifier(EXPECTED, new IssuerKeys(ISSUER, issuer, Date.now), Date.now);
    const cpuMs = async (verify: () => Promise<unknown>) => {
      const cpu = process.cpuUsage();
      for (let n = 0; n < tokens; n++) await verify();
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1_000;
    };
    const samples = await interleave(quick ? 5 : 9, {
      ours: () => cpuMs(() => verifier.verify(token)),
      limit: () => cpuMs(() => jwtVerify(token, publicKey)),
    });
    const perSecond = (name: string) => tokens / (median(samples[name]!) / 1_000);
    rates.set(algorithm, { ours: perSecond('ours'), limit: perSecond('limit') });
    rows.push([algorithm, perSecond('ours'), perSecond('limit'), perSecond('ours') / perSecond('limit')]);
  }
  await mustRefuse();
  const { ours, limit } = rates.get('RS256')!;
  return {
    title: 'RS256 access tokens, with everything that is checked beside the signature',
    unit: 'tokens/s per core',
    ours,
    limit,
    rivals: {},
    claims: [{ what: 'RS256, to the limit', value: ours / limit, atLeast: 0.6 }],
    tables: [
      {
        caption: 'By CPU time. The limit is a bare `jwtVerify` with the key at hand.',
        columns: ['', 'ours', 'limit', 'to limit'],
        rows,
      },
    ],
  };
}

/** Checks that the verifier refuses a forged token, because a verifier that accepts everything would be fast. */
async function mustRefuse(): Promise<void> {
  const { privateKey } = await generateKeyPair('RS256');
  const { publicKey } = await generateKeyPair('RS256');
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const forged = await new SignJWT({ sub: 'alice', iss: ISSUER, aud: AUDIENCE, exp })
    .setProtectedHeader({ alg: 'RS256', kid: 'key' })
    .sign(privateKey);
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'RS256' };
  const issuer: typeof fetch = async (url) =>
    Response.json(String(url).endsWith('/jwks') ? { keys: [jwk] } : { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` });
  const taken = await new JwtVerifier(EXPECTED, new IssuerKeys(ISSUER, issuer, Date.now), Date.now).verify(forged).then(
    () => true,
    () => false,
  );
  if (taken) throw new Error('A forged token was taken.');
}

import { decodeJwt } from 'jose';
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorize } from '../../local/sign-in.ts';
import { startIssuer } from '../../test/browser/sign-in/issuer.ts';
import { authorize as authorization } from '../pages/authorization.ts';
import { Issuer } from './issuer.ts';
import { PageMemory } from './memory.ts';
import { TokenSession } from './session.ts';

const CALLBACK = 'https://widget.example/callback.html';

let real: Awaited<ReturnType<typeof startIssuer>>;
let issuer: Issuer;

const config = () => ({
  ...{ webSocketUrl: 'wss://ws.example', issuer: real.url, clientId: 'shout-box', guests: true, nameClaim: 'name' },
  ...{ audience: 'https://shout-box.example', scope: 'openid profile offline_access' },
  limits: { textGraphemes: 500, textBytes: 2048, pageSize: 100 },
});

beforeAll(async () => {
  real = await startIssuer(CALLBACK);
  issuer = await Issuer.discover(config());
});
afterAll(() => real[Symbol.asyncDispose]());

/**
 * Makes an authorization request and signs in as alice. Returns the URL of the request, the issuer's answer, and the
 * PKCE verifier. Replaces the answer's `state` with the `nonce`, as `callback.html` does before it passes an answer on.
 */
async function answered() {
  const verifier = generateRandomCodeVerifier();
  const { url, state, nonce } = await authorization(config(), await calculatePKCECodeChallenge(verifier), CALLBACK);
  const answer = await authorize(url, { name: 'alice', redirectUri: CALLBACK });
  expect(answer.get('state')).toBe(state);
  answer.delete('state');
  answer.set('nonce', nonce);
  return { url, answer, verifier };
}

test('the request asks for a code for the API, bound to its verifier', async () => {
  const { url } = await answered();
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    redirect_uri: CALLBACK,
    code_challenge_method: 'S256',
    audience: 'https://shout-box.example',
    resource: 'https://shout-box.example',
  });
});

test('whoever has the verifier redeems the code, and the session renews itself and ends', async () => {
  const { answer, verifier } = await answered();
  const surroundings = {
    memory: new PageMemory('https://api.example', 'no'),
    issuer: async () => issuer,
    now: Date.now,
  };
  const session = TokenSession.begin(surroundings, await issuer.redeem(answer, verifier, CALLBACK), {
    ...{ id: 'id', issuer: config(), user: undefined },
  });
  const first = (await session.getToken())!;
  expect(decodeJwt(first)).toMatchObject({ sub: 'alice', aud: 'https://shout-box.example', iss: real.url });
  const second = (await session.getToken(first))!;
  expect(second).not.toBe(first);
  await session.signOut();
  expect(await session.getToken()).toBeUndefined();
});

describe('a code is not redeemed', () => {
  test('without its verifier', async () => {
    const { answer } = await answered();
    await expect(issuer.redeem(answer, generateRandomCodeVerifier(), CALLBACK)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('where the answer is of another issuer (RFC 9207)', async () => {
    const { answer, verifier } = await answered();
    answer.set('iss', 'https://evil.example');
    await expect(issuer.redeem(answer, verifier, CALLBACK)).rejects.toThrow('unexpected "iss"');
  });

  test('where the answer says no issuer although it should', async () => {
    const { answer, verifier } = await answered();
    answer.delete('iss');
    await expect(issuer.redeem(answer, verifier, CALLBACK)).rejects.toThrow('"iss" (issuer) missing');
  });

  test('where its ID token is of another request', async () => {
    const { answer, verifier } = await answered();
    answer.set('nonce', 'another');
    await expect(issuer.redeem(answer, verifier, CALLBACK)).rejects.toThrow('unexpected ID Token "nonce" claim value');
  });

  test('where nobody says of which request its ID token has to be', async () => {
    const { answer, verifier } = await answered();
    answer.delete('nonce');
    await expect(issuer.redeem(answer, verifier, CALLBACK)).rejects.toThrow('"expectedNonce"');
  });

  test('where the issuer refused', async () => {
    const answer = new URLSearchParams({ error: 'access_denied', iss: real.url });
    await expect(issuer.redeem(answer, 'verifier', CALLBACK)).rejects.toMatchObject({ error: 'access_denied' });
  });
});

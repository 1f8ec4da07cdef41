import { afterEach, expect, test, vi } from 'vitest';
import { discover } from './discovery.ts';

const ISSUER = 'https://issuer.example';
const SOUND = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: 'https://tokens.example/token',
  revocation_endpoint: `${ISSUER}/revoke`,
  end_session_endpoint: `${ISSUER}/logout`,
  jwks_uri: `${ISSUER}/jwks`,
};

const publish = (document: object) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => Response.json(document)),
  );

afterEach(() => vi.unstubAllGlobals());

test('a sound document is read', async () => {
  publish(SOUND);
  expect(await discover(ISSUER)).toMatchObject(SOUND);
});

const endpoints = Object.keys(SOUND).filter((name) => name !== 'issuer');
const addresses = ['javascript:alert(1)', 'data:text/html,x', 'http://issuer.example/plain', 'relative', 5, null];

test.each(endpoints.flatMap((name) => addresses.map((address) => [name, address] as const)))(
  'a document whose %s is %s is refused',
  async (name, address) => {
    publish({ ...SOUND, [name]: address });
    await expect(discover(ISSUER)).rejects.toThrow(`${name} of ${ISSUER} is neither https: nor on this machine.`);
  },
);

test.each(['javascript:alert(1)', 'http://issuer.example', 'data:application/json,{}', 'issuer.example'])(
  'the issuer %s is not even asked',
  async (issuer) => {
    publish(SOUND);
    await expect(discover(issuer)).rejects.toThrow('neither https: nor on this machine');
    expect(fetch).not.toHaveBeenCalled();
  },
);

test("another issuer's document is refused", async () => {
  publish({ ...SOUND, issuer: 'https://evil.example' });
  await expect(discover(ISSUER)).rejects.toThrow();
});

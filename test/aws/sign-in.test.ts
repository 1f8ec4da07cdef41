import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readParametersFile } from '../../deploy/parameters.ts';
import { IssuerKeys } from '../../src/infra/identity/issuer-keys.ts';
import { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { readIdentity } from '../../src/infra/settings.ts';
import { type Provider, providers } from './providers.ts';

const KID = 'the-signing-key';

let server: Server;
let privateKey: CryptoKey;
let publicJwk: object;
/** The providers' OpenID configurations and key sets, by the address at which the provider publishes each. */
const published = new Map<string, object>();

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  privateKey = pair.privateKey;
  publicJwk = await exportJWK(pair.publicKey);
  server = createServer(({ url }, response) => {
    const document = published.get(decodeURIComponent(url!.slice(1)));
    response.writeHead(document ? 200 : 404).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Stands in for `fetch`: asks the server of this test, which answers with what `published` has for the address. */
const fetchPublished: typeof fetch = (address, options) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${encodeURIComponent(String(address))}`, options);

/** Creates a verifier with the settings of docs/sign-in/<name>.md, and adds the provider's documents to `published`. */
async function verifierOf({ name, documents, key }: Provider): Promise<JwtVerifier> {
  const settings = readIdentity(await recipe(name));
  for (const [address, document] of Object.entries(documents)) published.set(address, document);
  const { jwks_uri } = Object.values(documents)[0] as { jwks_uri: string };
  // The key set also contains a key for encryption, as Keycloak's does.
  const encryption = { ...publicJwk, kid: 'for-encryption', use: 'enc', alg: 'RSA-OAEP' };
  published.set(jwks_uri, { keys: [encryption, { ...publicJwk, ...key, kid: KID }] });
  return new JwtVerifier(settings, new IssuerKeys(settings.issuer, fetchPublished, Date.now), Date.now);
}

/** Returns the example parameters, with the settings of docs/sign-in/<name>.md in place of the example's. */
async function recipe(name: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(`docs/sign-in/${name}.md`, 'utf8');
  const block = /```yaml\n([\s\S]*?)```/.exec(text)![1]!;
  const overridden = [...block.matchAll(/^(\w+):/gm)].map(([, variable]) => variable);
  const example = await readFile('deploy/params.example.yml', 'utf8');
  const rest = example.replace(new RegExp(`^(${overridden.join('|')}):.*\n`, 'gm'), '');
  const file = join(tmpdir(), `shout-box-recipe-${name}.yml`);
  await writeFile(file, `${block}\n${rest}`);
  return readParametersFile(file);
}

function sign(header: Record<string, string>, claims: Record<string, unknown>): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ iat: now, nbf: now, exp: now + 3_600, ...claims })
    .setProtectedHeader({ ...header, alg: 'RS256', kid: KID })
    .sign(privateKey);
}

describe.each(providers)('$name ($header.typ)', (provider) => {
  const { header, claims, idToken, shownAs, moderator } = provider;

  test('its access token is accepted, with the name that the recipe promises', async () => {
    const verifier = await verifierOf(provider);
    const { actor } = await verifier.verify(await sign(header, claims));
    expect(actor.name).toBe(shownAs);
  });

  test('whom the recipe makes a moderator is one, and nobody else', async () => {
    const verifier = await verifierOf(provider);
    const [person, other] = [await sign(header, { ...claims, ...moderator }), await sign(header, claims)];
    expect((await verifier.verify(person)).actor.role).toBe('moderator');
    expect((await verifier.verify(other)).actor.role).toBeUndefined();
  });

  test('its ID token is refused', async () => {
    const verifier = await verifierOf(provider);
    await expect(verifier.verify(await sign(header, idToken))).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('an access token for another application is refused', async () => {
    const verifier = await verifierOf(provider);
    const elsewhere = 'aud' in claims ? { aud: 'another' } : { client_id: 'another' };
    const token = await sign(header, { ...claims, ...elsewhere });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('entra-id', () => {
  const provider = providers.find(({ name }) => name === 'entra-id')!;

  test('a token of version 1 is refused, as the recipe says', async () => {
    const verifier = await verifierOf(provider);
    const version1 = {
      ...provider.claims,
      ...{ iss: `https://sts.windows.net/${provider.claims.tid}/`, aud: `api://${provider.claims.aud}`, ver: '1.0' },
    };
    await expect(verifier.verify(await sign(provider.header, version1))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  test('`common` is no issuer: its document names a template', async () => {
    const common = 'https://login.microsoftonline.com/common/v2.0';
    published.set(`${common}/.well-known/openid-configuration`, {
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      jwks_uri: 'https://login.microsoftonline.com/common/discovery/v2.0/keys',
    });
    const settings = { ...readIdentity(await recipe('entra-id')), issuer: common };
    const verifier = new JwtVerifier(settings, new IssuerKeys(common, fetchPublished, Date.now), Date.now);
    const token = await sign(provider.header, { ...provider.claims, iss: common });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a token without the scope is forbidden', async () => {
    const verifier = await verifierOf(provider);
    const token = await sign(provider.header, { ...provider.claims, scp: 'User.Read' });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IssuerKeys } from '../../src/infra/identity/issuer-keys.ts';
import { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';

export const AUDIENCE = 'https://shout-box.example';
export const CLIENT_ID = 'shout-box-widget';

export interface SigningKey {
  kid: string;
  alg: 'ES256' | 'RS256';
  publicKey: KeyObject;
  privateKey: KeyObject;
}

type Expected = ConstructorParameters<typeof JwtVerifier>[0];

/** Returns the settings of a verifier that expects tokens of this issuer. */
export function expectedOf(issuer: string, overrides: Partial<Expected> = {}): Expected {
  return {
    issuer,
    audience: AUDIENCE,
    nameClaim: 'name',
    requiredScope: undefined,
    roleClaim: 'roles',
    moderators: ['moderator'],
    pictureOrigins: ['https://example.org'],
    roomRoles: [],
    ...overrides,
  };
}

interface Forged {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: SigningKey;
}

/** An OpenID Connect issuer on loopback that records requests, can go down, rotates its keys and signs anything. */
export class TestIssuer {
  /** Path of each request since the start, whether or not the request was answered. */
  readonly fetches: string[] = [];
  /** Every token that the issuer has signed. No log may contain one. */
  readonly signed: string[] = [];
  readonly #server: Server;
  #keys = [createKey('ES256'), createKey('RS256')];
  #down: RegExp | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    const issuer = new TestIssuer(server);
    server.on('request', (request, response) => {
      issuer.fetches.push(request.url!);
      if (issuer.#down?.test(request.url!)) response.destroy();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.#document(request.url!)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The key with which the issuer signs by default. */
  get key(): SigningKey {
    return this.#keys[0]!;
  }

  get rsaKey(): SigningKey {
    return this.#keys[1]!;
  }

  /** Cuts off requests to these paths from now on; by default, requests to all paths. */
  goDown(paths = /./): void {
    this.#down = paths;
  }

  comeBack(): void {
    this.#down = undefined;
  }

  rotateKeys(): void {
    this.#keys = [createKey('ES256'), createKey('RS256')];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Returns the settings of a verifier that expects this issuer's tokens. */
  expected(overrides: Partial<Expected> = {}): Expected {
    return expectedOf(this.url, overrides);
  }

  verifier(overrides: Partial<Expected> = {}): JwtVerifier {
    const keys = new IssuerKeys(this.url, fetch, Date.now);
    return new JwtVerifier(this.expected(overrides), keys, Date.now);
  }

  /**
   * Returns the claims of a good access token (RFC 9068, section 2.2). Its `iat` is a minute ago, so that the
   * token is older than the keys that a verifier fetched. A verifier that does not know the token's key then answers
   * `unauthenticated`. For a younger token it would answer `unavailable`, because the issuer may have added the key
   * after the fetch (issuer-keys.ts).
   */
  claims(overrides: Record<string, unknown> = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: this.url, aud: AUDIENCE, sub: 'alice', name: 'Alice', iat: now - 60, exp: now + 600, ...overrides };
  }

  token({ header, claims, key = this.key }: Forged = {}): string {
    return this.sign(
      JSON.stringify({ alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header }),
      JSON.stringify(this.claims(claims)),
      key,
    );
  }

  /** Signs JSON text as it is, so that a test can sign JSON that no serializer would write. */
  sign(headerJson: string, payloadJson: string, key: SigningKey = this.key, hash = 'sha256'): string {
    const input = `${base64url(headerJson)}.${base64url(payloadJson)}`;
    const signature = sign(hash, Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
    const token = `${input}.${signature.toString('base64url')}`;
    this.signed.push(token);
    return token;
  }

  #document(path: string): unknown {
    if (path === '/jwks') return { keys: this.#keys.map(jwk) };
    return { issuer: this.url, jwks_uri: `${this.url}/jwks` };
  }
}

export function createKey(alg: SigningKey['alg']): SigningKey {
  const pair =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid: crypto.randomUUID(), alg, ...pair };
}

/** Returns the public key as a JSON Web Key. RSA keys have no `alg`, like those of many issuers. */
export function jwk({ kid, alg, publicKey }: SigningKey): Record<string, unknown> {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', ...(alg === 'ES256' ? { alg } : {}) };
}

export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

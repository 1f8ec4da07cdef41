import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { actorId } from '../../src/infra/identity/actor.ts';

export const AUDIENCE = 'https://shout-box.example';
export const CLIENT_ID = 'shout-box';

interface Key {
  private: CryptoKey;
  public: JWK;
}

/** An OpenID issuer that can go down and change its keys. It has no sign-in: tests ask it for tokens. */
export class Issuer {
  /** How the issuer answers: normally, with an error 503, or not at all. */
  mode: 'up' | 'failing' | 'silent' = 'up';
  requests = 0;
  readonly #server: Server;
  #key: Key;
  /** The current public key and the two before it, so that earlier tokens stay valid. */
  #published: JWK[];

  private constructor(key: Key) {
    this.#key = key;
    this.#published = [key.public];
    this.#server = createServer((request, response) => {
      this.requests++;
      if (this.mode === 'silent') return;
      const answers: Record<string, object> = {
        '/.well-known/openid-configuration': { issuer: this.url, jwks_uri: `${this.url}/jwks` },
        '/jwks': { keys: this.#published },
      };
      const answer = this.mode === 'up' ? answers[request.url ?? ''] : undefined;
      response.writeHead(answer ? 200 : 503, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(answer ?? {}));
    });
  }

  static async start(): Promise<Issuer> {
    const issuer = new Issuer(await newKey());
    issuer.#server.listen(0, '127.0.0.1');
    await once(issuer.#server, 'listening');
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async rotate(): Promise<void> {
    this.#key = await newKey();
    this.#published = [this.#key.public, ...this.#published].slice(0, 3);
  }

  token(sub: string, seconds = 3_600): Promise<string> {
    return new SignJWT({ name: sub, roles: sub.startsWith('moderator') ? ['moderator'] : [] })
      .setProtectedHeader({ alg: 'ES256', kid: this.#key.public.kid!, typ: 'at+jwt' })
      .setIssuer(this.url)
      .setAudience(AUDIENCE)
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime(`${seconds} s`)
      .sign(this.#key.private);
  }

  actorOf(sub: string): string {
    return actorId(this.url, sub);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function newKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { private: privateKey, public: { ...(await exportJWK(publicKey)), alg: 'ES256', kid: crypto.randomUUID() } };
}

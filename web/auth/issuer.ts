import * as oauth from 'oauth4webapi';
import type { Config } from '../../src/domain/schema.generated.ts';

/** What must be remembered between the question to the issuer and its answer; none of it leaves the asking page. */
export interface Transaction {
  state: string;
  nonce: string;
  verifier: string;
  /** The call-back page, registered with the issuer as redirect URI. */
  callback: string;
}

export interface Tokens {
  access: string;
  refresh?: string | undefined;
  /** Seconds from now. */
  expiresIn?: number | undefined;
}

export type IssuerConfig = Pick<Config, 'issuer' | 'clientId' | 'audience' | 'scope'>;

const TIMEOUT_MS = 15_000;

/** One OpenID provider and this public client at it: Authorization Code with PKCE (RFC 9700, section 2.1.1). */
export class Issuer {
  readonly #config: IssuerConfig;
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;

  private constructor(config: IssuerConfig, server: oauth.AuthorizationServer) {
    this.#config = config;
    this.#server = server;
    this.#client = { client_id: config.clientId };
  }

  static async discover(config: IssuerConfig): Promise<Issuer> {
    const url = new URL(config.issuer);
    const response = await oauth.discoveryRequest(url, requestOptions(config));
    return new Issuer(config, await oauth.processDiscoveryResponse(url, response));
  }

  async authorizationUrl({ state, nonce, verifier, callback }: Transaction): Promise<URL> {
    const endpoint = this.#server.authorization_endpoint;
    if (!endpoint) throw new Error(`${this.#config.issuer} has no authorization endpoint.`);
    const url = new URL(endpoint);
    const parameters = {
      response_type: 'code',
      client_id: this.#config.clientId,
      redirect_uri: callback,
      scope: this.#config.scope,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      audience: this.#config.audience,
      ...this.#resource,
      ...(this.#openid && { nonce }),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  }

  /** @throws where the answer is an error, is not to this question, or its code is refused */
  async redeem({ state, nonce, verifier, callback }: Transaction, answer: URLSearchParams): Promise<Tokens> {
    const params = oauth.validateAuthResponse(this.#server, this.#client, answer, state);
    const response = await oauth.authorizationCodeGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      params,
      callback,
      verifier,
      { ...requestOptions(this.#config), additionalParameters: this.#resource },
    );
    const checks = this.#openid ? { expectedNonce: nonce, requireIdToken: true } : {};
    return tokens(await oauth.processAuthorizationCodeResponse(this.#server, this.#client, response, checks));
  }

  /** @returns undefined where the issuer says that the session is over; @throws where it says nothing */
  async refresh(token: string): Promise<Tokens | undefined> {
    const response = await oauth.refreshTokenGrantRequest(this.#server, this.#client, oauth.None(), token, {
      ...requestOptions(this.#config),
      additionalParameters: this.#resource,
    });
    try {
      return tokens(await oauth.processRefreshTokenResponse(this.#server, this.#client, response));
    } catch (error) {
      const { status, headers } = response;
      // Its own words: a proxy's page in between has neither.
      const answered = 'status' in (error as Error) || headers.has('www-authenticate');
      if (answered && status >= 400 && status < 500 && status !== 429) return undefined;
      throw error;
    }
  }

  /** Ends what the refresh token stands for, where the issuer offers it (RFC 7009). */
  async revoke(token: string): Promise<void> {
    if (!this.#server.revocation_endpoint) return;
    const options = requestOptions(this.#config);
    await oauth.revocationRequest(this.#server, this.#client, oauth.None(), token, options);
  }

  get #openid(): boolean {
    return this.#config.scope.split(' ').includes('openid');
  }

  /**
   * RFC 8707, section 2: an absolute URI. An audience that is none is Entra ID's, which knows `resource` under another
   * meaning and refuses it (AADSTS901002).
   */
  get #resource(): Record<string, string> {
    const { audience } = this.#config;
    return URL.canParse(audience) ? { resource: audience } : {};
  }
}

function tokens({ access_token, refresh_token, expires_in }: oauth.TokenEndpointResponse): Tokens {
  return { access: access_token, refresh: refresh_token, expiresIn: expires_in };
}

/** Plain HTTP is for an issuer on one's own machine. */
function requestOptions({ issuer }: IssuerConfig) {
  const { protocol, hostname } = new URL(issuer);
  const local = protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  return { [oauth.allowInsecureRequests]: local, signal: AbortSignal.timeout(TIMEOUT_MS) };
}

import * as oauth from 'oauth4webapi';
import type { Config } from '../../src/domain/schema.generated.ts';
import { discover, requestOptions } from './discovery.ts';
import { resourceOf } from './resource.ts';

export interface Tokens {
  access: string;
  refresh?: string | undefined;
  /** Seconds until the access token expires; undefined if the issuer does not say. */
  expiresIn?: number | undefined;
}

export type IssuerConfig = Pick<Config, 'issuer' | 'clientId' | 'audience'>;

/** The token and revocation endpoints of an OpenID provider, called as a public client (RFC 9700, section 2.1.1). */
export class Issuer {
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  readonly #resource: Record<string, string>;

  private constructor({ clientId, audience }: IssuerConfig, server: oauth.AuthorizationServer) {
    this.#server = server;
    this.#client = { client_id: clientId };
    this.#resource = resourceOf(audience);
  }

  static async discover(config: IssuerConfig): Promise<Issuer> {
    return new Issuer(config, await discover(config.issuer));
  }

  /**
   * Redeems the authorization code of an answer.
   *
   * @param answer the query of the redirect to `callback.html`. That page checked and removed `state`, and added the
   *   `nonce` of the authorization request.
   * @param callback the redirect URI of the authorization request
   * @throws if the answer is an error or comes from another issuer (RFC 9207), if the issuer does not reply or refuses
   *   the code, or if the ID token is missing or belongs to another issuer, client or request (`nonce`)
   */
  async redeem(answer: URLSearchParams, verifier: string, callback: string): Promise<Tokens> {
    const params = oauth.validateAuthResponse(this.#server, this.#client, answer, oauth.skipStateCheck);
    const response = await oauth.authorizationCodeGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      params,
      callback,
      verifier,
      { ...requestOptions(), additionalParameters: this.#resource },
    );
    // Because of `expectedNonce`, the library requires an ID token. If `answer` has no nonce, the library throws,
    // because it does not accept an empty string.
    const checks = { expectedNonce: answer.get('nonce') ?? '' };
    return tokens(await oauth.processAuthorizationCodeResponse(this.#server, this.#client, response, checks));
  }

  /**
   * Gets new tokens.
   *
   * @returns undefined if the issuer refuses the refresh token with a 4xx status other than 429
   * @throws if the issuer does not answer, or answers with neither tokens nor such a refusal
   */
  async refresh(token: string): Promise<Tokens | undefined> {
    const response = await oauth.refreshTokenGrantRequest(this.#server, this.#client, oauth.None(), token, {
      ...requestOptions(),
      additionalParameters: this.#resource,
    });
    try {
      return tokens(await oauth.processRefreshTokenResponse(this.#server, this.#client, response));
    } catch (error) {
      const { status, headers } = response;
      // If the issuer itself refused, the library gives `error` a `status`, or the response has a `www-authenticate`
      // header. A proxy's error page usually leads to neither.
      const answered = 'status' in (error as Error) || headers.has('www-authenticate');
      if (answered && status >= 400 && status < 500 && status !== 429) return undefined;
      throw error;
    }
  }

  /** Revokes the refresh token, if the issuer has a revocation endpoint (RFC 7009). */
  async revoke(token: string): Promise<void> {
    if (!this.#server.revocation_endpoint) return;
    await oauth.revocationRequest(this.#server, this.#client, oauth.None(), token, requestOptions());
  }
}

function tokens({ access_token, refresh_token, expires_in }: oauth.TokenEndpointResponse): Tokens {
  return { access: access_token, refresh: refresh_token, expiresIn: expires_in };
}

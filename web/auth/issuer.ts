import * as oauth from 'oauth4webapi';
import type { Config } from '../../src/domain/schema.generated.ts';
import { discover, requestOptions } from './discovery.ts';
import { resourceOf } from './resource.ts';

export interface Tokens {
  access: string;
  refresh?: string | undefined;
  /** Seconds from now. */
  expiresIn?: number | undefined;
}

export type IssuerConfig = Pick<Config, 'issuer' | 'clientId' | 'audience'>;

/** The token endpoint of an OpenID provider, for this public client (RFC 9700, section 2.1.1). */
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
   * Redeems the code of an answer.
   *
   * @param answer the call-back's query without its `state`, which `callback.html` has compared, and with the `nonce` of
   *   the authorization request
   * @param callback the redirect URI of the authorization request
   * @throws if the answer is an error or another issuer's (RFC 9207), if its code is refused, or if the ID token is not
   *   this issuer's, not for this client or not of this request (`nonce`)
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
    // With an expected nonce, the answer must have an ID token.
    const checks = { expectedNonce: answer.get('nonce') ?? '' };
    return tokens(await oauth.processAuthorizationCodeResponse(this.#server, this.#client, response, checks));
  }

  /** Gets new tokens. @returns undefined if the issuer says that the session is over. @throws if it gives no answer */
  async refresh(token: string): Promise<Tokens | undefined> {
    const response = await oauth.refreshTokenGrantRequest(this.#server, this.#client, oauth.None(), token, {
      ...requestOptions(),
      additionalParameters: this.#resource,
    });
    try {
      return tokens(await oauth.processRefreshTokenResponse(this.#server, this.#client, response));
    } catch (error) {
      const { status, headers } = response;
      // Only the issuer's own answer has these fields, not a proxy's error page.
      const answered = 'status' in (error as Error) || headers.has('www-authenticate');
      if (answered && status >= 400 && status < 500 && status !== 429) return undefined;
      throw error;
    }
  }

  /** Revokes the refresh token, if the issuer offers it (RFC 7009). */
  async revoke(token: string): Promise<void> {
    if (!this.#server.revocation_endpoint) return;
    await oauth.revocationRequest(this.#server, this.#client, oauth.None(), token, requestOptions());
  }
}

function tokens({ access_token, refresh_token, expires_in }: oauth.TokenEndpointResponse): Tokens {
  return { access: access_token, refresh: refresh_token, expiresIn: expires_in };
}

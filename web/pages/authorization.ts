import { generateRandomNonce, generateRandomState } from 'oauth4webapi';
import type { Config } from '../../src/domain/schema.generated.ts';
import { discover } from '../auth/discovery.ts';
import { resourceOf } from '../auth/resource.ts';

export interface Authorization {
  url: URL;
  state: string;
  nonce: string;
}

/**
 * Creates the URL of an authorization request: Authorization Code with PKCE (RFC 9700, section 2.1.1) and `nonce`
 * (OpenID Connect Core, section 3.1.2.1).
 *
 * @param challenge the PKCE challenge, whose verifier stays with the asking page
 * @param callback the redirect URI
 */
export async function authorize(config: Config, challenge: string, callback: string): Promise<Authorization> {
  const { authorization_endpoint } = await discover(config.issuer);
  if (!authorization_endpoint) throw new Error(`${config.issuer} has no authorization endpoint.`);
  const [state, nonce] = [generateRandomState(), generateRandomNonce()];
  const url = new URL(authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: callback,
    scope: config.scope,
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    audience: config.audience,
    ...resourceOf(config.audience),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url, state, nonce };
}

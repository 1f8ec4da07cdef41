import { createHash, randomBytes } from 'node:crypto';
import type { ROLE } from './issuer/person.ts';

export interface SignInOptions {
  issuer: string;
  clientId: string;
  redirectUri: string;
  audience: string;
  name: string;
  role?: typeof ROLE | undefined;
  /** Parameters that are added to the authorization request or replace its own; `undefined` omits one. */
  parameters?: Record<string, string | undefined>;
}

export interface Tokens {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  expires_in: number;
}

/**
 * Signs in a person called `name`. Makes the same requests as the widget (Authorization Code with PKCE, RFC 7636), but
 * without a browser: `authorize` follows the redirects and fills in the sign-in page.
 */
export async function signIn(options: SignInOptions): Promise<Tokens> {
  const endpoints = await discover(options.issuer);
  const verifier = randomBytes(32).toString('base64url');
  const request = new URL(endpoints.authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    scope: 'openid profile offline_access',
    resource: options.audience,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...options.parameters,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) request.searchParams.set(name, value);
  const answer = await authorize(request, options);
  const code = answer.get('code');
  if (!code) throw new Error(`The issuer refused to sign in: ${answer.get('error_description')}`);
  const response = await fetch(endpoints.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: options.clientId,
      redirect_uri: options.redirectUri,
      code,
      code_verifier: verifier,
    }),
  });
  if (!response.ok) throw new Error(`The issuer refused the code: ${await response.text()}`);
  return (await response.json()) as Tokens;
}

async function discover(issuer: string): Promise<{ authorization_endpoint: string; token_endpoint: string }> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`${issuer} has no OpenID discovery document (HTTP ${response.status}).`);
  return (await response.json()) as { authorization_endpoint: string; token_endpoint: string };
}

/** Maximum number of requests in one call of `authorize`. Only a redirect loop would need more. */
const MAX_REDIRECTS = 8;

/**
 * Sends an authorization request, fills in the sign-in page as `name`, and follows redirects until one leads to
 * `redirectUri`. Does not request that address.
 * @returns the query of that address, which has the issuer's answer
 */
export async function authorize(
  start: URL,
  { name, role, redirectUri }: Pick<SignInOptions, 'name' | 'role' | 'redirectUri'>,
): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let url = start;
  let body: URLSearchParams | undefined;
  for (let hop = 0; hop < MAX_REDIRECTS; hop++) {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      body: body ?? null,
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (key) cookies.set(key, value ?? '');
    }
    const location = response.headers.get('location');
    if (location === null) {
      // An answer without a redirect is the sign-in page. The page's form posts to the page's own address.
      if (body || !response.ok) throw new Error(`The issuer refused to sign in: ${await response.text()}`);
      body = new URLSearchParams({ name, ...(role && { role }) });
      continue;
    }
    url = new URL(location, url);
    body = undefined;
    if (url.href.startsWith(redirectUri)) return url.searchParams;
  }
  throw new Error('The issuer redirected too often.');
}

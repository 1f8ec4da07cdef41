import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { JWK } from 'jose';
import { type Configuration, errors, Provider } from 'oidc-provider';
import { allowsOrigin } from '../../src/domain/admission/origins.ts';
import { signInPage } from './page.ts';
import { accountOf, personFrom, personOf, subjectOf } from './person.ts';
import { createStore } from './store.ts';

export interface IssuerOptions {
  url: string;
  clientId: string;
  audience: string;
  nameClaim: string;
  roleClaim: string;
  tokenSeconds: number;
  redirectUris: readonly string[];
  /** Origins whose pages may call the token endpoint. As in ALLOWED_ORIGINS, `http://localhost:*` means any port. */
  allowedOrigins: readonly string[];
  key: JWK;
}

/**
 * Address of a document that lists the redirect URIs. A client with the `subject_type` `pairwise` must name such a
 * document if its redirect URIs are on several hosts (OpenID Connect Dynamic Client Registration, section 5). This
 * document does not exist, so `sectorIdentifierUriValidate` keeps the provider from fetching it.
 */
const SECTOR = 'https://shout-box.invalid/';

/**
 * Creates a server with a real OpenID provider. Anyone can sign in with any name, without a password. The provider
 * supports the authorization code flow with PKCE, JWT access tokens for the API (RFC 9068) and rotated refresh tokens.
 * A person's `sub` is derived from the name, so the same name is the same person after a restart.
 */
export function createIssuer(options: IssuerOptions): Server {
  const provider = new Provider(options.url, configuration(options));
  // Drops the session cookie, so that every sign-in asks for the name, and two tabs can be two people.
  provider.use((ctx, next) => {
    ctx.req.headers.cookie = ctx.req.headers.cookie?.replace(/(^|; ?)_session(\.\w+)*=[^;]*/g, '');
    return next();
  });
  const answer = provider.callback();
  return createServer((request, response) => {
    if (request.url?.startsWith('/interaction/')) {
      signIn(provider, request, response).catch((error: Error) => refuse(response, error.message));
    } else {
      answer(request, response);
    }
  });
}

async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    const { params } = await provider.interactionDetails(request, response);
    const hint = typeof params.login_hint === 'string' ? params.login_hint : undefined;
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(signInPage(request.url!, hint));
    return;
  }
  const body = await new Response(request as unknown as ReadableStream).text();
  const person = personFrom(new URLSearchParams(body));
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: accountOf(person) } },
    { mergeWithLastSubmission: false },
  );
}

function refuse(response: ServerResponse, message: string): void {
  response.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

function configuration(options: IssuerOptions): Configuration {
  const { audience, nameClaim, roleClaim, tokenSeconds } = options;
  return {
    clients: [
      {
        client_id: options.clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        subject_type: 'pairwise',
        sector_identifier_uri: SECTOR,
        redirect_uris: [...options.redirectUris],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    adapter: createStore(),
    // `pairwise` lets the `sub` differ from the account id. It must differ, because the account id contains the role,
    // and a person has the same `sub` with every role.
    subjectTypes: ['pairwise'],
    sectorIdentifierUriValidate: () => false,
    pairwiseIdentifier: (_ctx, account) => subjectOf(personOf(account)),
    jwks: { keys: [options.key] },
    cookies: { keys: [randomUUID()] },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name', nameClaim] },
    // The id token also contains the name, so that the widget shows who is signed in without another request.
    conformIdTokenClaims: false,
    clientBasedCORS: (_ctx, origin) => allowsOrigin(options.allowedOrigins, origin),
    findAccount: (_ctx, account) => {
      const { name } = personOf(account);
      return { accountId: account, claims: () => ({ sub: account, name, [nameClaim]: name }) };
    },
    extraTokenClaims: (_ctx, token) => {
      if (!('accountId' in token && token.accountId)) return undefined;
      const { name, role } = personOf(token.accountId);
      return { name, [nameClaim]: name, ...(role && { [roleClaim]: [role] }) };
    },
    // Grants the requested scopes without a question: signing in counts as consent here.
    loadExistingGrant: async (ctx) => {
      const { client, session, params } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({ accountId: session!.accountId!, clientId: client!.clientId });
      grant.addOIDCScope(String(params!.scope ?? 'openid'));
      await grant.save();
      return grant;
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    renderError: (ctx, { error, error_description }) => {
      ctx.type = 'text/plain';
      ctx.body = `${error}: ${error_description}\n`;
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      // A function, because tests change `options.tokenSeconds` while the provider runs.
      AccessToken: () => options.tokenSeconds,
      IdToken: tokenSeconds,
      AuthorizationCode: 60,
      RefreshToken: 14 * 86_400,
      Grant: 14 * 86_400,
      Interaction: 3_600,
      Session: 3_600,
    },
    features: {
      devInteractions: { enabled: false },
      // Resource indicators (RFC 8707). A request that names no resource is treated as if it named the API.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== audience) throw new errors.InvalidTarget();
          return {
            scope: '',
            audience,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
  };
}

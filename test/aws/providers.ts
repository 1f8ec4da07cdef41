/** What a provider publishes, and the headers and claims of its tokens. Tests add times such as `iat` and `exp`. */
export interface Provider {
  name: string;
  documents: Record<string, object>;
  /** Members of the JSON Web Key, besides `kid` and the key itself. */
  key: Record<string, string>;
  header: Record<string, string>;
  claims: Record<string, unknown>;
  /** Claims of the ID token. A widget also receives this token, and must not send it to the server. */
  idToken: Record<string, unknown>;
  shownAs: string;
  /** Claims that a moderator's token adds or replaces, if the provider is set up as docs/sign-in/<name>.md says. */
  moderator: Record<string, unknown>;
}

const auth0 = 'https://example.eu.auth0.com/';
const auth0Claims = {
  iss: auth0,
  sub: 'auth0|507f1f77bcf86cd799439020',
  // With the scope openid, the token is also for the user-info endpoint.
  aud: ['https://shout-box.example', 'https://example.eu.auth0.com/userinfo'],
  scope: 'openid profile offline_access',
  'https://shout-box.example/name': 'Alice Example',
};
const auth0Id = {
  iss: auth0,
  sub: auth0Claims.sub,
  aud: 'qL7nVwR2xYz4AbCdEfGhIjKlMnOpQrSt',
  nonce: 'n',
  name: 'Alice',
};
const auth0Shared = {
  documents: {
    'https://example.eu.auth0.com/.well-known/openid-configuration': {
      issuer: auth0,
      jwks_uri: 'https://example.eu.auth0.com/.well-known/jwks.json',
    },
  },
  key: { use: 'sig', alg: 'RS256', x5t: 'x' },
  idToken: auth0Id,
  shownAs: 'Alice Example',
  moderator: { 'https://shout-box.example/roles': ['moderator'] },
};

const pool = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example12';
const realm = 'https://id.example.org/realms/community';
const tenant = '11111111-2222-3333-4444-555555555555';
const entra = `https://login.microsoftonline.com/${tenant}`;

export const providers: readonly Provider[] = [
  {
    // Source: https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
    name: 'auth0',
    ...auth0Shared,
    header: { alg: 'RS256', typ: 'JWT' },
    claims: { ...auth0Claims, azp: 'qL7nVwR2xYz4AbCdEfGhIjKlMnOpQrSt' },
  },
  {
    // Auth0 again, with the access token profile RFC 9068.
    name: 'auth0',
    ...auth0Shared,
    header: { alg: 'RS256', typ: 'at+jwt' },
    claims: { ...auth0Claims, client_id: 'qL7nVwR2xYz4AbCdEfGhIjKlMnOpQrSt', jti: 'sApdkCsQdJFQcFsTvLYKJw' },
  },
  {
    // Source:
    // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    name: 'cognito',
    documents: {
      [`${pool}/.well-known/openid-configuration`]: { issuer: pool, jwks_uri: `${pool}/.well-known/jwks.json` },
    },
    key: { use: 'sig', alg: 'RS256' },
    header: { alg: 'RS256' },
    claims: {
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      iss: pool,
      version: 2,
      client_id: '1example23456789',
      origin_jti: 'aaaaaaaa-bbbb-cccc-dddd-ffffffffffff',
      event_id: 'bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee',
      token_use: 'access',
      scope: 'openid profile',
      auth_time: 1_676_313_851,
      jti: 'cccccccc-bbbb-cccc-dddd-eeeeeeeeeeee',
      username: 'alice',
    },
    idToken: { sub: 'aaaaaaaa', iss: pool, aud: '1example23456789', token_use: 'id', 'cognito:username': 'alice' },
    shownAs: 'alice',
    moderator: { 'cognito:groups': ['moderators'] },
  },
  {
    // Sources: https://www.keycloak.org/docs/latest/securing_apps/, and tokens of a realm with the default settings.
    name: 'keycloak',
    documents: {
      [`${realm}/.well-known/openid-configuration`]: {
        issuer: realm,
        jwks_uri: `${realm}/protocol/openid-connect/certs`,
      },
    },
    key: { use: 'sig', alg: 'RS256' },
    header: { alg: 'RS256', typ: 'JWT' },
    claims: {
      jti: 'onrtac:8a9b2c1d-0000-0000-0000-000000000000',
      iss: realm,
      aud: ['shout-box', 'account'],
      sub: 'f3b5c2a1-0000-4000-8000-000000000001',
      typ: 'Bearer',
      azp: 'shout-box-widget',
      sid: '0b1c2d3e-0000-4000-8000-000000000001',
      acr: '1',
      'allowed-origins': ['https://www.example.org'],
      realm_access: { roles: ['offline_access', 'default-roles-community'] },
      // Up to Keycloak 23, access tokens also contained the nonce, and a client can still be configured that way.
      nonce: 'n',
      scope: 'openid profile email',
      email_verified: true,
      name: 'Alice Example',
      preferred_username: 'alice',
    },
    idToken: { iss: realm, aud: 'shout-box-widget', sub: 'f3b5c2a1', typ: 'ID', preferred_username: 'alice' },
    shownAs: 'alice',
    moderator: { realm_access: { roles: ['offline_access', 'moderator', 'default-roles-community'] } },
  },
  {
    // Source: https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
    name: 'entra-id',
    documents: {
      [`${entra}/v2.0/.well-known/openid-configuration`]: {
        issuer: `${entra}/v2.0`,
        jwks_uri: `${entra}/discovery/v2.0/keys`,
      },
    },
    // Entra ID's keys have no `alg`.
    key: { use: 'sig', x5t: 'x', issuer: `${entra}/v2.0` },
    header: { alg: 'RS256', typ: 'JWT' },
    claims: {
      aud: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      iss: `${entra}/v2.0`,
      aio: 'AXQAi/8IAAAA',
      azp: '99999999-8888-7777-6666-555555555555',
      azpacr: '0',
      name: 'Alice Example',
      oid: '690222be-0000-4000-8000-000000000001',
      preferred_username: 'alice@example.org',
      rh: 'I',
      scp: 'shout',
      sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
      tid: tenant,
      uti: 'fqiBqXLPj0eQa82S-IYFAA',
      ver: '2.0',
    },
    idToken: { aud: '99999999-8888-7777-6666-555555555555', iss: `${entra}/v2.0`, sub: 'x', nonce: 'n', ver: '2.0' },
    shownAs: 'Alice Example',
    moderator: { roles: ['moderator'] },
  },
];

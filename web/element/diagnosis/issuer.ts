import { ask, blockedByPolicy, type Surroundings } from './diagnose.ts';

/** The issuer, the OAuth client that the box uses there, and the client's redirect URI (`callback`). */
export interface SignIn {
  issuer: string;
  clientId: string;
  callback: string;
}

/** Fields of oauth4webapi's errors. The `cause` of some errors is the response. */
interface Refusal {
  name: string;
  status?: number;
  error?: string;
  error_description?: string;
  cause?: { status?: number };
}

/**
 * Finds why the issuer gave no tokens.
 *
 * @param error the error of the discovery, the authorization response or the token request
 * @returns a sentence for the author of the page; undefined if no setting is to blame
 */
export async function diagnoseIssuer(
  signIn: SignIn,
  error: unknown,
  page: Pick<Surroundings, 'origin' | 'fetch' | 'blocked'>,
): Promise<string | undefined> {
  const { name, status: own, cause, error: code, error_description: why } = error as Refusal;
  // The TypeError of a failed `fetch` has no code, but each TypeError of oauth4webapi has one.
  if (name === 'TimeoutError' || (name === 'TypeError' && !('code' in (error as Refusal)))) {
    return navigator.onLine === false ? undefined : findConnection(signIn, page);
  }
  const status = own ?? cause?.status;
  // An error code without a status came with the redirect (RFC 6749, section 4.1.2.1). Codes such as `invalid_scope`,
  // `unauthorized_client` and `unsupported_response_type` point to a setting. `access_denied` does not, for example.
  const mendable = status ? status >= 400 && status < 500 && status !== 429 : /^(invalid|un\w+ed)_/.test(code ?? '');
  if (!mendable) return undefined;
  const { issuer, clientId, callback } = signIn;
  const said = [status && `HTTP ${status}`, code, why].filter(Boolean).join(', ');
  return `The issuer ${issuer} refuses the client ${clientId} (${said}): there it has to be a public client (PKCE, no secret) with the redirect URI ${callback}. Check CLIENT_ID, AUDIENCE and SCOPE of the server, too.`;
}

async function findConnection(
  { issuer, clientId }: SignIn,
  { origin, fetch, blocked }: Pick<Surroundings, 'origin' | 'fetch' | 'blocked'>,
): Promise<string> {
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = await (await ask({ fetch }, discovery, 'cors'))?.json().catch(() => undefined);
  const at: string = document?.token_endpoint ?? discovery;
  // Without CORS the answer cannot be read, but it shows that a server is there.
  const opaque = await ask({ fetch }, at, 'no-cors');
  if (await blocked(new URL(at).origin)) return blockedByPolicy(new URL(at).origin);
  const mend = `register ${origin} there as an origin of the client ${clientId} (CORS)`;
  return opaque
    ? `The issuer ${issuer} does not answer pages of ${origin} at ${at}: ${mend}.`
    : `The issuer ${issuer} does not answer at ${at}: check that it can be reached, and ${mend}.`;
}

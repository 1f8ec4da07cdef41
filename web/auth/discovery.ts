import * as oauth from 'oauth4webapi';
import { isSafeUrl } from '../client/safe-url.ts';

const TIMEOUT_MS = 15_000;

/**
 * Reads an issuer's discovery document (OpenID Connect Discovery 1.0, section 4).
 *
 * @throws if the document cannot be read or names another issuer, or if the address of the issuer, of its keys or of
 *   an endpoint is neither `https:` nor on this machine
 */
export async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  if (!isSafeUrl(issuer)) throw new Error(`The issuer ${issuer} is neither https: nor on this machine.`);
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, requestOptions()));
  for (const [name, value] of Object.entries(server)) {
    if (!/_endpoint$|^jwks_uri$/.test(name) || isSafeUrl(value)) continue;
    throw new Error(`${name} of ${issuer} is neither https: nor on this machine.`);
  }
  return server;
}

/**
 * Returns options for requests to an issuer. They allow plain HTTP, which is safe because {@link discover} refuses it
 * for every host except this machine.
 */
export function requestOptions() {
  return { [oauth.allowInsecureRequests]: true, signal: AbortSignal.timeout(TIMEOUT_MS) };
}

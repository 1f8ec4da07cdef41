/**
 * Returns the parameter `resource`, an absolute URI that names the API (RFC 8707, section 2). Omits it if the audience
 * is not a URI. This is for Entra ID, where the audience usually is an id and not a URI: it refuses `resource`, which
 * it uses for something else (AADSTS901002).
 */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience } : {};
}

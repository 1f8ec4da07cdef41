/**
 * Returns the parameter `resource`, an absolute URI that names the API (RFC 8707, section 2). It is omitted if the
 * audience is no URI, as with Entra ID, which uses `resource` for something else and refuses it (AADSTS901002).
 */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience } : {};
}

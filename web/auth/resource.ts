/**
 * Returns the parameter `resource`, an absolute URI that names the API (RFC 8707, section 2), or no parameter if the
 * audience is not a URI. Entra ID usually has such audiences, and refuses the parameter (AADSTS901002).
 */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience } : {};
}

/**
 * Returns the parameter `resource`, an absolute URI that names the API (RFC 8707, section 2). Returns no parameter if
 * the audience is not a URI. With Entra ID the audience is usually no URI, and Entra ID refuses the parameter
 * (AADSTS901002).
 */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience } : {};
}

/**
 * Returns the parameter `resource` of a request to the issuer: an absolute URI that names the API (RFC 8707,
 * section 2). Returns no parameter if the audience is not a URI. That is usual with Entra ID, which refuses the
 * parameter (AADSTS901002).
 */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience } : {};
}

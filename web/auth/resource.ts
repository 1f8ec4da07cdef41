/**
 * The parameter that names the API (RFC 8707, section 2): an absolute URI. Omitted if the audience is no
 * URI: such audiences are Entra ID's, which uses `resource` for something else and refuses it (AADSTS901002).
 */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience } : {};
}

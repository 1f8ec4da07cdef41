/**
 * The parameter that names the API (RFC 8707, section 2): an absolute URI. An audience that is none is Entra ID's, which
 * knows `resource` under another meaning and refuses it (AADSTS901002).
 */
export function resourceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience } : {};
}

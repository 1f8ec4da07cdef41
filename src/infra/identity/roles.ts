/**
 * Returns the roles that verified claims give a person. The claim is a string with one role, or a list of roles.
 * @param path name of the claim, or a dotted path to it (`realm_access.roles`)
 */
export function rolesIn(claims: unknown, path: string): readonly string[] {
  const value = valueAt(claims, path);
  const values = Array.isArray(value) ? value : [value];
  return values.filter((role) => typeof role === 'string');
}

/** Tries the whole path as one name first, because names such as `https://example.org/roles` contain dots. */
function valueAt(claims: unknown, path: string): unknown {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    if (Object.hasOwn(claims, name)) return valueAt((claims as Record<string, unknown>)[name], path.slice(dot + 1));
  }
  return undefined;
}

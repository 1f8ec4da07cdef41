/**
 * Returns the address of `callback.html`. It is in the directory of the script; when served from source, at the root.
 */
export function callbackUrl(): string {
  // Not in one expression, because bundlers take `new URL('…', import.meta.url)` for an asset to copy.
  const { url } = import.meta;
  // Vite replaces the literal text `import.meta.env.DEV`; there is no `env` object.
  return new URL(import.meta.env.DEV ? '/callback.html' : 'callback.html', url).href;
}

/** `callback.html` is in the directory of the script; when served from source, at the root. */
export function callbackUrl(): string {
  // Bundlers take `new URL('…', import.meta.url)` in one expression for an asset to copy.
  const { url } = import.meta;
  // Vite replaces the literal text `import.meta.env.DEV`; there is no `env` object.
  return new URL(import.meta.env.DEV ? '/callback.html' : 'callback.html', url).href;
}

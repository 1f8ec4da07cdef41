/**
 * Returns the address of `callback.html`. The page is in the directory of the script; on Vite's development server, it
 * is at the root.
 */
export function callbackUrl(): string {
  // Takes `url` out first, because bundlers take `new URL('…', import.meta.url)` for an asset to copy.
  const { url } = import.meta;
  // Vite replaces the literal text `import.meta.env.DEV`; there is no `env` object.
  return new URL(import.meta.env.DEV ? '/callback.html' : 'callback.html', url).href;
}

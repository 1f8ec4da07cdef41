/**
 * Returns the address of `callback.html`. The page is in the directory of the script; on Vite's development server, it
 * is at the root.
 */
export function callbackUrl(): string {
  // `import.meta.url` is put in a variable, because bundlers would take the file in `new URL('…', import.meta.url)` for
  // an asset and copy it.
  const { url } = import.meta;
  // `import.meta.env.DEV` is not put in a variable, because a build replaces this literal text. The built code has no
  // `env` object.
  return new URL(import.meta.env.DEV ? '/callback.html' : 'callback.html', url).href;
}

/** `callback.html` lies beside the script, wherever that was fetched from; served from source, at the root. */
export function callbackUrl(): string {
  // Not `new URL('…', import.meta.url)` in one piece: bundlers take that for an asset to copy.
  const { url } = import.meta;
  // Spelt out: Vite replaces the text `import.meta.env.DEV`, and there is no `env` to take apart.
  return new URL(import.meta.env.DEV ? '/callback.html' : 'callback.html', url).href;
}

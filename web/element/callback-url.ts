/** `callback.html` lies beside the script, wherever that was fetched from; served from source, at the root. */
export function callbackUrl(): string {
  // Not `new URL('…', import.meta.url)` in one piece: bundlers take that for an asset to copy.
  const { env, url } = import.meta;
  return new URL(env.DEV ? '/callback.html' : 'callback.html', url).href;
}

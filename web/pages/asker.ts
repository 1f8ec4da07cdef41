import { type Message, read } from '../auth/messages.ts';
import { isSafeUrl } from '../client/safe-url.ts';

/** The page that asks for a sign-in. */
export interface Asker {
  /** The page's address, without its fragment. */
  page: string;
  challenge: string;
  /** The page's origin, according to the browser; undefined if the page has not answered as this window's opener. */
  origin?: string;
}

const ANSWER_MS = 10_000;

/**
 * Finds the page that asks for a sign-in. If this window is a popup with an opener, the opener sends its address and
 * challenge in a message, and the browser adds the opener's origin. Otherwise the address and challenge come from
 * `fragment`, for example if popups are blocked or the asking page sends `Cross-Origin-Opener-Policy`.
 *
 * @param fragment the fragment of the sign-in page's address
 * @returns undefined if no page asks
 * @throws if the opener does not answer, or if the asking page's address or challenge is invalid
 */
export async function findAsker(fragment: string): Promise<Asker | undefined> {
  const said = new URLSearchParams(fragment.slice(1));
  if (!said.has('way')) return undefined;
  const opener: Window | null = window.opener;
  if (opener && said.get('way') === 'popup') return askOpener(opener);
  return asker(said.get('page'), said.get('challenge'));
}

function askOpener(opener: Window): Promise<Asker> {
  const { promise, resolve, reject } = Promise.withResolvers<Asker>();
  const timeout = setTimeout(() => reject(new Error('The page that opened this window does not answer.')), ANSWER_MS);
  const hear = ({ source, origin, data }: MessageEvent): void => {
    const message = source === opener ? read(data) : undefined;
    if (message?.type !== 'shout-box:asker') return;
    try {
      resolve(asker(message.page, message.challenge, origin));
    } catch (error) {
      reject(error);
    }
  };
  window.addEventListener('message', hear);
  opener.postMessage({ type: 'shout-box:ask' } satisfies Message, '*');
  return promise.finally(() => {
    clearTimeout(timeout);
    window.removeEventListener('message', hear);
  });
}

function asker(page: unknown, challenge: unknown, origin?: string): Asker {
  // An S256 challenge has 43 characters (RFC 7636, section 4.2).
  const sound = typeof page === 'string' && typeof challenge === 'string' && /^[\w-]{43}$/.test(challenge);
  const url = sound && isSafeUrl(page) ? new URL(page) : undefined;
  // Rejects a user name in front of the host, because `https://bank.example@evil.example` looks like an address of the
  // bank.
  if (!sound || !url || url.username || (origin !== undefined && url.origin !== origin)) {
    throw new Error('What the asking page says makes no sense.');
  }
  return { page: url.href.replace(/#.*/s, ''), challenge, ...(origin !== undefined && { origin }) };
}

/**
 * The ways an issuer's answer travels from the call-back page to the page that asked.
 *
 * `postMessage` to the opener is the short one. It is cut where the asking page or any page of the issuer sends
 * `Cross-Origin-Opener-Policy: same-origin`, as Cognito and Entra ID do: then the opener is null in the popup, and the
 * popup looks closed to its opener while it is open. A BroadcastChannel is not cut, but reaches only its own origin; so
 * the popup goes on to a page of that origin first, with the answer in the fragment.
 */
export interface Answer {
  type: 'shout-box:answer';
  /** The query of the call-back, as it arrived. */
  params: string;
}

const CHANNEL = 'shout-box:sign-in';
const FRAGMENT = '#shout-box=';
/** A closed popup and a cut one look the same; a person may well take this long at the issuer. */
const CUT_OFF_MS = 3 * 60_000;
const LOOK_MS = 500;
const RECEIPT_MS = 1_000;

/**
 * Waits for the answer that carries `state`.
 * @param origin of the call-back page
 * @throws where the popup was closed and nothing came, or on `signal`
 */
export function awaitAnswer(
  state: string,
  popup: Pick<Window, 'closed'>,
  origin: string,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  const { promise, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  const done = new AbortController();
  const channel = new BroadcastChannel(CHANNEL);
  const take = (data: unknown): boolean => {
    const params = paramsOf(data);
    if (params?.get('state') !== state) return false;
    resolve(params);
    return true;
  };
  channel.onmessage = ({ data }) => {
    if (take(data)) channel.postMessage({ type: 'shout-box:received', state });
  };
  window.addEventListener('message', (event) => event.origin === origin && take(event.data), { signal: done.signal });
  let left = CUT_OFF_MS;
  const looking = setInterval(() => {
    if (popup.closed) left -= LOOK_MS;
    if (left <= 0) reject(new Error('The sign-in window was closed.'));
  }, LOOK_MS);
  signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
  return promise.finally(() => {
    clearInterval(looking);
    done.abort();
    channel.close();
  });
}

/** Hands an answer to whichever page of this origin waits for it. @returns whether one did */
export function relay(params: URLSearchParams): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const channel = new BroadcastChannel(CHANNEL);
  const timeout = setTimeout(() => resolve(false), RECEIPT_MS);
  channel.onmessage = ({ data }) => {
    if (data?.type === 'shout-box:received' && data.state === params.get('state')) resolve(true);
  };
  channel.postMessage(answer(params));
  return promise.finally(() => {
    clearTimeout(timeout);
    channel.close();
  });
}

export function answer(params: URLSearchParams): Answer {
  return { type: 'shout-box:answer', params: String(params) };
}

/** The address of `page` with the answer in its fragment, which is sent to no server and no referrer. */
export function addressed(page: URL, params: URLSearchParams): string {
  return `${page.href.replace(/#.*/s, '')}${FRAGMENT}${encodeURIComponent(String(params))}`;
}

/** The answer in an address's fragment, if there is one. */
export function answerIn(fragment: string): URLSearchParams | undefined {
  if (!fragment.startsWith(FRAGMENT)) return undefined;
  try {
    return new URLSearchParams(decodeURIComponent(fragment.slice(FRAGMENT.length)));
  } catch {
    return undefined;
  }
}

function paramsOf(data: unknown): URLSearchParams | undefined {
  const { type, params } = (data ?? {}) as Partial<Answer>;
  return type === 'shout-box:answer' && typeof params === 'string' ? new URLSearchParams(params) : undefined;
}

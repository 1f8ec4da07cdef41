import { addressed } from '../auth/answer.ts';
import { type Message, read } from '../auth/messages.ts';
import { type Pending, take } from './pending.ts';
import { say } from './say.ts';
import { words } from './words.ts';

const RECEIPT_MS = 2_000;

/** Handles the redirect from the issuer. Passes the issuer's answer only to the page that asked for the sign-in. */
async function callBack(): Promise<void> {
  const params = new URLSearchParams(location.search);
  history.replaceState(null, '', location.pathname);
  const asked = window.top === window ? take(params.get('state')) : undefined;
  if (!asked) {
    say(words.nothing, words.nothingHint);
    return;
  }
  params.delete('state');
  params.set('nonce', asked.nonce);
  params.set('challenge', asked.challenge);
  const opener: Window | null = window.opener;
  if (!asked.origin || !opener) {
    location.replace(addressed(asked.page, params));
  } else if (await handOver(opener, asked.origin, asked, params)) {
    say(words.done, words.close);
    window.close();
  } else say(words.failed, words.gone);
}

/**
 * Posts the issuer's answer to the opener, which is the asking page.
 * @returns whether the opener confirmed the answer in time
 */
function handOver(opener: Window, origin: string, { challenge }: Pending, params: URLSearchParams): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  window.addEventListener('message', (event) => {
    if (event.source !== opener || event.origin !== origin) return;
    const message = read(event.data);
    if (message?.type === 'shout-box:received' && message.challenge === challenge) resolve(true);
  });
  setTimeout(() => resolve(false), RECEIPT_MS);
  opener.postMessage({ type: 'shout-box:answer', params: String(params) } satisfies Message, origin);
  return promise;
}

say(words.signingIn);
void callBack();

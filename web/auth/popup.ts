import { CHANNEL, type Message, type Question, read } from './messages.ts';

/** Longest wait for the answer after the issuer severed the window from its opener. */
const CUT_OFF_MS = 10 * 60_000;
const LOOK_MS = 500;
/** Longest wait for the window to ask, which it does as soon as its script runs. */
const ASK_MS = 20_000;

export interface Conversation {
  /** Rejects if no answer can come any more. */
  answer: Promise<URLSearchParams>;
  /**
   * Resolves when the window is closed or severed; to true if it is certainly closed. The opener cannot tell the two
   * apart, except before the window has left for the issuer.
   */
  closed: Promise<boolean>;
}

/**
 * Tells the sign-in window who asks, and waits for its answer.
 *
 * The answer comes by `postMessage` while the window has its opener. Pages with `Cross-Origin-Opener-Policy:
 * same-origin` (the asking page, or the issuer's: Cognito, Entra ID) cut it off. It then comes back to a page of this
 * origin, which passes the answer on over a BroadcastChannel.
 *
 * @param origin of the pages in the window
 * @param silent called at most once, if the window does not ask, because it does not show the sign-in page
 */
export function converse(
  popup: Window,
  origin: string,
  question: Question,
  signal: AbortSignal,
  silent: () => void,
): Conversation {
  const answer = Promise.withResolvers<URLSearchParams>();
  const closed = Promise.withResolvers<boolean>();
  const done = new AbortController();
  const channel = new BroadcastChannel(CHANNEL);
  /** The window has asked and has not left for the issuer, so it cannot be severed yet. */
  let here = false;
  let asked = false;
  const take = (message: Message | undefined, reply: (message: Message) => void): void => {
    if (message?.type !== 'shout-box:answer') return;
    const params = new URLSearchParams(message.params);
    if (params.get('challenge') !== question.challenge) return;
    reply({ type: 'shout-box:received', challenge: question.challenge });
    answer.resolve(params);
  };
  channel.onmessage = ({ data }) => take(read(data), (message) => channel.postMessage(message));
  const hear = (event: MessageEvent): void => {
    if (event.source !== popup || event.origin !== origin) return;
    const message = read(event.data);
    const reply = (to: Message) => popup.postMessage(to, origin);
    if (message?.type === 'shout-box:ask') {
      here = asked = true;
      reply({ type: 'shout-box:asker', ...question });
    } else if (message?.type === 'shout-box:leaving') here = false;
    else take(message, reply);
  };
  window.addEventListener('message', hear, { signal: done.signal });
  let left = CUT_OFF_MS;
  let loaded = 0;
  let toAsk = ASK_MS;
  const lookForQuestion = (): void => {
    if (asked) return;
    toAsk -= LOOK_MS;
    if (toAsk === 0) silent();
    // Waits for one more look, because the question of a page that has just loaded may be on its way.
    if (!showsOwnPage(popup) || loaded++ === 0) return;
    if (toAsk > 0) silent();
    answer.reject(new Error('The sign-in window shows another page.'));
  };
  const looking = setInterval(() => {
    if (!popup.closed) return lookForQuestion();
    closed.resolve(here);
    left -= LOOK_MS;
    if (here || left <= 0) answer.reject(new Error('The sign-in window was closed.'));
  }, LOOK_MS);
  signal.addEventListener('abort', () => answer.reject(signal.reason), { signal: done.signal });
  const end = () => {
    clearInterval(looking);
    done.abort();
    channel.close();
  };
  answer.promise.then(end, end);
  return { answer: answer.promise, closed: closed.promise };
}

/** Whether the window shows a fully loaded page of this origin. Pages of other origins cannot be looked at. */
function showsOwnPage(popup: Window): boolean {
  try {
    return popup.location.href !== 'about:blank' && popup.document.readyState === 'complete';
  } catch {
    return false;
  }
}

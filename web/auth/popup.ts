import { openChannel } from './channel.ts';
import { CHANNEL, type Message, type Question, read } from './messages.ts';

/**
 * Maximum wait for the answer once the window looks closed. A window that was severed from its opener looks closed too,
 * but can still answer.
 */
const CUT_OFF_MS = 10 * 60_000;
const LOOK_MS = 500;
/** Maximum wait for `shout-box:ask`; then `silent` is called. `sign-in.html` asks as soon as its script runs. */
const ASK_MS = 20_000;

export interface Conversation {
  /** The issuer's answer. Rejects if none is expected any more, or if the signal aborts. */
  answer: Promise<URLSearchParams>;
  /**
   * Resolves when the window looks closed: to true if it is closed, to false if it may have been severed instead. The
   * opener can tell the two apart only while the window shows `sign-in.html`.
   */
  closed: Promise<boolean>;
}

/**
 * Tells the sign-in window which page asks, and waits for the issuer's answer.
 *
 * The answer comes by `postMessage` while the window has its opener. A page with `Cross-Origin-Opener-Policy:
 * same-origin` severs the window from its opener. The asking page can be such a page. So can pages of the issuer, for
 * example those of Cognito and Entra ID. In a severed window, `callback.html` redirects to a page of the asking page's
 * origin, and that page passes the answer on over a BroadcastChannel.
 *
 * @param origin the origin of `sign-in.html` and `callback.html`
 * @param silent called at most once, if the window does not ask, probably because it does not show `sign-in.html`
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
  const channel = openChannel(CHANNEL);
  /** Whether the window has asked and not yet left for the issuer. Until it leaves, it cannot be severed. */
  let here = false;
  let asked = false;
  const take = (message: Message | undefined, reply: (message: Message) => void): void => {
    if (message?.type !== 'shout-box:answer') return;
    const params = new URLSearchParams(message.params);
    if (params.get('challenge') !== question.challenge) return;
    reply({ type: 'shout-box:received', challenge: question.challenge });
    answer.resolve(params);
  };
  if (channel) channel.onmessage = ({ data }) => take(read(data), (message) => channel.postMessage(message));
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
    // Gives up only at the second look at a loaded page, because the question of a page that has just loaded may be on
    // its way.
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
    channel?.close();
  };
  answer.promise.then(end, end);
  return { answer: answer.promise, closed: closed.promise };
}

/** Whether the window shows a fully loaded page of the opener's origin. Reading `location` of another origin throws. */
function showsOwnPage(popup: Window): boolean {
  try {
    return popup.location.href !== 'about:blank' && popup.document.readyState === 'complete';
  } catch {
    return false;
  }
}

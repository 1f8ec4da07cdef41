import { generateRandomCodeVerifier as random } from 'oauth4webapi';
import type { Config } from '../../src/domain/schema.generated.ts';
import { actorOf } from '../element/behaviour/own-actor.ts';
import { answerIn, awaitAnswer, relay } from './answer.ts';
import { Issuer, type Transaction } from './issuer.ts';
import { type Session, TokenSession } from './session.ts';
import { newState, readState, type Way } from './state.ts';

export type { Session } from './session.ts';

/** Over the way to the issuer and back; this page's origin, this tab. */
const STORED = 'shout-box:sign-in';

let current: AbortController | undefined;

/**
 * Signs somebody in.
 * @param popup opened by the caller in the click itself, or browsers block it; null where they did: this page, which must
 *   not be framed, then goes to the issuer itself, and {@link resume} finishes on its return
 * @param callback address of `callback.html`, on the origin that hosts the widget
 * @throws where it was refused, given up, or taken over by a later call
 */
export async function signIn(config: Config, popup: Window | null, callback: string): Promise<Session> {
  current?.abort(new Error('Another sign-in was started.'));
  current = new AbortController();
  const { signal } = current;
  try {
    const issuer = await Issuer.discover(config);
    const transaction = begin(popup ? 'popup' : 'redirect', callback);
    const url = await issuer.authorizationUrl(transaction);
    signal.throwIfAborted();
    if (!popup) return await leave(url, transaction, config.issuer);
    popup.location.replace(url);
    const answer = await awaitAnswer(transaction.state, popup, new URL(callback).origin, signal);
    return await finish(issuer, transaction, answer, config);
  } finally {
    popup?.close();
  }
}

/**
 * Finishes what began on another page: in a tab that went to the issuer itself, signs in; in a popup that lost its
 * opener, hands the answer to the tab that waits for it and closes.
 */
export async function resume(config: Config): Promise<Session | undefined> {
  const answer = answerIn(location.hash);
  const pending = pendingRedirect();
  // Boxes of several servers may be on one page.
  if (!answer || (pending && pending.issuer !== config.issuer)) return undefined;
  sessionStorage.removeItem(STORED);
  history.replaceState(history.state, '', `${location.pathname}${location.search}${pending?.hash ?? ''}`);
  if (readState(answer.get('state'))?.way === 'popup') {
    if (await relay(answer)) window.close();
    return undefined;
  }
  return pending && finish(await Issuer.discover(config), pending.transaction, answer, config);
}

interface Pending {
  issuer: string;
  transaction: Transaction;
  /** The page's own fragment, for when it is back. */
  hash: string;
}

function pendingRedirect(): Pending | undefined {
  const stored = sessionStorage.getItem(STORED);
  return stored ? (JSON.parse(stored) as Pending) : undefined;
}

function begin(way: Way, callback: string): Transaction {
  return {
    state: newState(way, location.href, random()),
    nonce: random(),
    verifier: random(),
    callback,
  };
}

async function leave(url: URL, transaction: Transaction, issuer: string): Promise<never> {
  const pending: Pending = { issuer, transaction, hash: location.hash };
  sessionStorage.setItem(STORED, JSON.stringify(pending));
  location.assign(url);
  return new Promise(() => {});
}

async function finish(issuer: Issuer, transaction: Transaction, answer: URLSearchParams, { nameClaim }: Config) {
  const tokens = await issuer.redeem(transaction, answer);
  return new TokenSession(issuer, tokens, await actorOf(tokens.access, nameClaim));
}

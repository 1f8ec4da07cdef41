import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import type { Config } from '../../src/domain/schema.generated.ts';
import { isSafeUrl } from '../client/safe-url.ts';
import { actorOf } from '../element/behaviour/own-actor.ts';
import { answerIn } from './answer.ts';
import { Issuer } from './issuer.ts';
import { converse } from './popup.ts';
import { forgetRedirect, keepRedirect, redirectOf } from './redirect.ts';
import { relay } from './relay.ts';
import { type Session, TokenSession } from './session.ts';

export type { Session } from './session.ts';

export interface Site {
  server: string;
  config: Promise<Config>;
  /** Address of `callback.html`; `sign-in.html` is in the same directory. */
  callback: string;
}

export interface SigningIn {
  /** Rejects if the sign-in was refused, given up, or replaced by a later call. */
  session: Promise<Session>;
  /** Resolves when the window looks closed; true if it certainly is. Otherwise an answer may still come. */
  closed: Promise<boolean>;
}

let current: AbortController | undefined;

/**
 * Signs somebody in. The verifier of the code stays here, so no other page can redeem it.
 *
 * @param popup opened by the caller within the click, or browsers block it. If null, because it was blocked, this page,
 *   which must not be framed, goes to the sign-in page itself, and {@link resume} finishes on its return
 */
export async function signIn(site: Site, popup: Window | null): Promise<SigningIn> {
  if (!isSafeUrl(site.callback)) throw new Error(`callback ${site.callback} is neither https: nor on this machine.`);
  current?.abort(new Error('Another sign-in was started.'));
  current = new AbortController();
  const { signal } = current;
  const verifier = generateRandomCodeVerifier();
  const challenge = await calculatePKCECodeChallenge(verifier);
  signal.throwIfAborted();
  const page = location.href.replace(/#.*/s, '');
  const address = new URL('sign-in.html', site.callback);
  address.hash = String(new URLSearchParams({ way: popup ? 'popup' : 'redirect', page, challenge }));
  if (!popup) {
    keepRedirect({ server: site.server, verifier, challenge, hash: location.hash });
    location.assign(address);
    return { session: new Promise(() => {}), closed: new Promise(() => {}) };
  }
  popup.location.replace(address);
  const { answer, closed } = converse(popup, address.origin, { page, challenge }, signal);
  const session = answer.then((params) => finish(site, params, verifier)).finally(() => popup.close());
  return { session, closed };
}

/** The answer in this page's address belongs to a page that did not take it. */
export class Undelivered extends Error {}

/**
 * Finishes a sign-in that began on another page. In a tab that went to the issuer itself, signs in. In a window that
 * lost its opener, passes the answer to the tab that waits for it and closes.
 *
 * @throws Undelivered if no page waits for the answer
 */
export async function resume(site: Site): Promise<Session | undefined> {
  const answer = answerIn(location.hash);
  if (!answer) return undefined;
  const asked = redirectOf(answer.get('challenge'));
  // Boxes of several servers may be on one page.
  if (asked && asked.server !== site.server) return undefined;
  history.replaceState(history.state, '', `${location.pathname}${location.search}${asked?.hash ?? ''}`);
  if (asked) {
    forgetRedirect();
    return finish(site, answer, asked.verifier);
  }
  if (!(await relay(answer))) throw new Undelivered('Nobody waits for this sign-in here.');
  window.close();
  return undefined;
}

async function finish({ config, callback }: Site, answer: URLSearchParams, verifier: string): Promise<Session> {
  const { nameClaim, ...client } = await config;
  const issuer = await Issuer.discover(client);
  const tokens = await issuer.redeem(answer, verifier, callback);
  return new TokenSession(issuer, tokens, await actorOf(tokens.access, nameClaim));
}

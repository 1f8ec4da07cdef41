import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import type { Config } from '../../src/domain/schema.generated.ts';
import { actorOf } from '../client/claims.ts';
import { isSafeUrl } from '../client/safe-url.ts';
import type { Remember } from '../element/behaviour/remembering.ts';
import { answerIn } from './answer.ts';
import { Issuer, type IssuerConfig } from './issuer.ts';
import { PageMemory } from './memory.ts';
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
  remember: Remember;
  /** Called with a sentence for the author of the page, if a setting keeps people from signing in. */
  misconfigured: (message: string) => void;
  /** Called if no tokens could be obtained for the issuer's answer. */
  failed: (error: unknown, client: IssuerConfig) => void;
}

export interface SigningIn {
  /**
   * Rejects if the sign-in failed, if its window was closed, or if {@link signIn} was called again before the issuer
   * answered. Never settles if this tab itself goes to the issuer.
   */
  session: Promise<Session>;
  /** Resolves when the window looks closed: to true if it is closed, to false if an answer may still come. */
  closed: Promise<boolean>;
}

let current: AbortController | undefined;

/**
 * Signs somebody in. The PKCE code verifier stays with this page's origin, so `sign-in.html` and `callback.html` of
 * another origin cannot redeem the authorization code.
 *
 * @param popup window that the caller opened during the click, because browsers block it otherwise. Null if it was
 *   blocked. This tab then goes to `sign-in.html`, and {@link resume} finishes the sign-in when the tab comes back.
 *   Must not be null inside a frame, because `sign-in.html` refuses to be framed
 */
export async function signIn(site: Site, popup: Window | null): Promise<SigningIn> {
  const message = impossible(site);
  if (message) {
    site.misconfigured(message);
    throw new Error(message);
  }
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
  const { answer, closed } = converse(popup, address.origin, { page, challenge }, signal, () =>
    site.misconfigured(
      `No sign-in page answers at ${address.origin}${address.pathname}: set the attribute \`callback\` to the address of callback.html on the widget's host, such as https://shout.example/callback.html.`,
    ),
  );
  const session = answer.then((params) => finish(site, params, verifier)).finally(() => popup.close());
  return { session, closed };
}

/** Returns why nobody can sign in on this page, as a sentence for the page's author; undefined if people can. */
function impossible({ callback }: Site): string | undefined {
  if (!crypto.subtle)
    return `A sign-in needs cryptography that browsers give only to pages on https: or on this machine: serve ${location.origin} by https:.`;
  if (!isSafeUrl(callback)) return `The attribute \`callback\` is neither https: nor on this machine: ${callback}.`;
  return undefined;
}

/** Thrown by {@link resume} if no page takes the issuer's answer. */
export class Undelivered extends Error {}

/**
 * Finishes a sign-in whose answer is in this page's address. If this tab itself went to the issuer, signs in. If this
 * is a window that lost its opener, passes the answer to the page that waits for it, and closes the window.
 *
 * @returns undefined if there is no answer for this server, or if it was passed on
 * @throws Undelivered if no page took the answer
 */
export async function resume(site: Site): Promise<Session | undefined> {
  const answer = answerIn(location.hash);
  if (!answer) return undefined;
  const asked = redirectOf(answer.get('challenge'));
  // A page may have boxes of several servers. This answer is for another server's box.
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

/** Returns the session that was remembered; undefined if there is none. Needs no network. */
export function restore({ server, remember }: Pick<Site, 'server' | 'remember'>): Session | undefined {
  const memory = new PageMemory(server, remember);
  const kept = memory.load();
  if (!kept) {
    memory.end();
    return undefined;
  }
  return new TokenSession({ memory, issuer: once(() => Issuer.discover(kept.issuer)), now: Date.now }, kept);
}

async function finish(site: Site, answer: URLSearchParams, verifier: string): Promise<Session> {
  const { nameClaim, issuer: address, clientId, audience } = await site.config;
  const client = { issuer: address, clientId, audience };
  const { issuer, tokens } = await redeem(client, answer, verifier, site.callback).catch((error) => {
    site.failed(error, client);
    throw error;
  });
  const user = await actorOf(tokens.access, nameClaim);
  const surroundings = {
    memory: new PageMemory(site.server, site.remember),
    issuer: async () => issuer,
    now: Date.now,
  };
  return TokenSession.begin(surroundings, tokens, { id: crypto.randomUUID(), issuer: client, user });
}

async function redeem(client: IssuerConfig, answer: URLSearchParams, verifier: string, callback: string) {
  const issuer = await Issuer.discover(client);
  return { issuer, tokens: await issuer.redeem(answer, verifier, callback) };
}

/** Returns a function that asks once and keeps the answer. After a failure, the next call asks again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

import { html, type TemplateResult } from 'lit/html.js';
import type { Config } from '../../../src/domain/schema.generated.ts';
import type { IssuerConfig } from '../../auth/issuer.ts';
import type { Over, Session } from '../../auth/session.ts';
import { restore, resume, type Site, signIn, Undelivered } from '../../auth/sign-in.ts';
import { Part } from '../../client/part.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Remember } from '../behaviour/remembering.ts';
import type { Client } from '../client.ts';
import { callbackUrl } from './callback-url.ts';

export interface Asker {
  readonly server: string;
  /** Address of `callback.html`; if it is empty, the page beside the script is used. */
  readonly callback: string;
  readonly remember: Remember;
  readonly client: Client;
  /** The session of each server. Boxes on one page that use the same server share a session. */
  readonly sessions: Map<string, Session>;
  /**
   * Tells the boxes of the server that a session has begun or ended.
   * @param problem why the session ended without a sign-out; undefined if somebody signed in or out
   * @param left issuer and subject of the person who signed out (see `personOf`)
   */
  readonly tell: (problem?: SignInProblem, left?: string) => void;
  /** Tells the author of the page about a wrong setting that keeps people from signing in. */
  readonly misconfigured: (message: string) => void;
}

/** The reason why nobody is signed in. `said` names the text that the person is shown. */
export interface SignInProblem extends Error {
  readonly said: 'popupBlocked' | 'popupClosed' | 'popupWaiting' | 'framed' | 'undelivered' | Over;
  render?(strings: Strings): TemplateResult | string;
}

class Problem extends Error implements SignInProblem {
  readonly said: SignInProblem['said'];

  constructor(said: SignInProblem['said'], message: string = said) {
    super(message);
    this.said = said;
  }

  /**
   * Renders the problem. Inside a frame, adds a link that opens the framed page in a new tab, where signing in works
   * (docs/embedding.md).
   */
  render({ [this.said]: words, ownPage }: Strings): TemplateResult | string {
    return isFramed() ? html`${words} <a href=${location.href} target="_blank">${ownPage}</a>` : words;
  }
}

/**
 * Signs in through a window.
 *
 * @param popup null if the browser blocked the window: this tab then goes to `sign-in.html`
 * @throws if the sign-in failed, if its window looks closed, or if the window was blocked and this page is in a frame
 */
export async function signInFrom(asker: Asker, popup: Window | null): Promise<void> {
  // Without a window, the issuer's page would have to load in this frame, and issuers refuse to be framed (RFC 9700,
  // section 4.16).
  if (!popup && isFramed()) throw new Problem('popupBlocked');
  const { session, closed } = await signIn(siteOf(asker), popup);
  await Promise.race([session.then((begun) => begin(asker, begun)), closed.then(giveUp)]);
}

/** Finishes a sign-in whose result is in this page's address. */
export async function resumeFrom(asker: Asker): Promise<void> {
  try {
    const session = await resume(siteOf(asker));
    if (session) begin(asker, session);
  } catch (error) {
    throw error instanceof Undelivered ? new Problem('undelivered') : error;
  }
}

/** Continues the session that was remembered, if there is one. */
export function restoreFrom(asker: Asker): void {
  const session = restore(asker);
  if (session) enter(asker, session);
}

const reasons = {
  ended: 'The token expired, and the issuer gives no new one.',
  refused: 'The server refuses the token.',
};

function begin(asker: Asker, session: Session): void {
  enter(asker, session);
  asker.tell();
}

function enter({ server, sessions, tell }: Asker, session: Session): void {
  sessions.set(server, session);
  void session.over.then((why) => {
    // Another session may have begun meanwhile.
    if (sessions.get(server) !== session) return;
    sessions.delete(server);
    tell(why && new Problem(why, reasons[why]), session.signedOut ? session.person : undefined);
  });
}

const diagnosis = new Part(() => import('../diagnosis/diagnosis.ts'), 3);

/** What `Asker.misconfigured` was told already. Each mistake is reported once, not at every attempt to sign in. */
const reportedMessages = new Set<string>();

function siteOf({ server, remember, client, ...asker }: Asker): Site {
  const callback = asker.callback || callbackUrl();
  const misconfigured = (message: string): void => {
    if (!reportedMessages.has(message)) asker.misconfigured(message);
    reportedMessages.add(message);
  };
  const explain = async (error: unknown, { issuer, clientId }: IssuerConfig): Promise<void> => {
    const { diagnoseIssuerInPage } = await diagnosis.load();
    const message = await diagnoseIssuerInPage({ issuer, clientId, callback }, error);
    if (message) misconfigured(message);
  };
  // Does not wait for `explain`, so that the person learns of the failure even if the code for `explain` does not load.
  const failed: Site['failed'] = (error, issuer) => void explain(error, issuer).catch(() => {});
  return { server, config: configOf(client), callback, remember, misconfigured, failed };
}

/** Waits for the server's configuration, which may still be on its way. */
function configOf(client: Client): Promise<Config> {
  const { promise, resolve } = Promise.withResolvers<Config>();
  const look = () => client.snapshot.config && resolve(client.snapshot.config);
  look();
  const end = client.subscribe(look);
  return promise.finally(end);
}

/**
 * Called when the sign-in window looks closed.
 * @param surelyClosed false if the window may still be open, because `Cross-Origin-Opener-Policy` on a page of the
 *   issuer makes an open window look closed
 * @throws the problem to show
 */
function giveUp(surelyClosed: boolean): never {
  throw new Problem(surelyClosed ? 'popupClosed' : isFramed() ? 'framed' : 'popupWaiting');
}

function isFramed(): boolean {
  return window.top !== window;
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Actor, Config } from '../../../src/domain/schema.generated.ts';
import type { Session } from '../../auth/session.ts';
import type { Site } from '../../auth/sign-in.ts';
import { Part } from '../../client/part.ts';
import { callbackUrl } from '../callback-url.ts';
import { actorOf } from './own-actor.ts';

interface Host extends ReactiveControllerHost {
  readonly server: string;
  readonly callback: string;
  /** The page's own session, if it has one. */
  readonly getToken: ((refused?: string) => Promise<string | undefined>) | undefined;
}

/** A failed sign-in, with the sentence that tells the person. */
export class SignInProblem extends Error {
  readonly said: 'popupBlocked' | 'popupClosed' | 'popupWaiting' | 'framed' | 'undelivered';

  constructor(said: SignInProblem['said']) {
    super(said);
    this.said = said;
  }
}

const isFramed = (): boolean => window.top !== window;

/** The sign-in part, needed only by those who sign in here. Gives up soon, because the person waits at an empty window. */
const signingIn = new Part(() => import('../../auth/sign-in.ts'), 3);

/** Boxes of one server on one page share a session: one sign-in for all of them. In memory, and gone with the page. */
const sessions = new Map<string, Session>();
const everyone = new Set<SigningIn>();

/** Who is signed in, through the page's own session or ours. The code of ours is fetched when somebody signs in. */
export class SigningIn implements ReactiveController {
  readonly #host: Host;
  readonly #changed: () => void;
  #token: string | undefined;
  #owner: Actor | undefined;

  /** @param changed somebody signed in or out, here or in another box */
  constructor(host: Host, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
  }

  hostConnected(): void {
    everyone.add(this);
  }

  hostDisconnected(): void {
    everyone.delete(this);
  }

  get user(): Actor | undefined {
    return this.#host.getToken ? this.#owner : sessions.get(this.#host.server)?.user;
  }

  /**
   * Must run in the click itself: browsers block a window that is opened later than that.
   * @throws where it was refused, given up or blocked
   */
  async start(config: Promise<Config>): Promise<void> {
    const popup = window.open('about:blank', '', 'popup,width=480,height=640');
    // If windows are blocked, the page itself goes to the issuer, whose page may not be framed (RFC 9700, 4.16).
    if (!popup && isFramed()) throw new SignInProblem('popupBlocked');
    try {
      const { signIn } = await signingIn.load();
      const { session, closed } = await signIn(this.#site(config), popup);
      await Promise.race([session.then((entered) => this.#enter(entered)), closed.then(giveUp)]);
    } catch (error) {
      if (!(error instanceof SignInProblem)) popup?.close();
      throw error;
    }
  }

  /** Finishes a sign-in that came back to this page in its address; see `resume` in `web/auth`. */
  async resume(config: Promise<Config>): Promise<void> {
    if (!location.hash.startsWith('#shout-box=')) return;
    const { resume, Undelivered } = await signingIn.load();
    try {
      const session = await resume(this.#site(config));
      if (session) this.#enter(session);
    } catch (error) {
      throw error instanceof Undelivered ? new SignInProblem('undelivered') : error;
    }
  }

  async end(): Promise<void> {
    const session = sessions.get(this.#host.server);
    sessions.delete(this.#host.server);
    this.#tell();
    await session?.signOut();
  }

  /** The token to connect with and, if it is the page's, its person. */
  async token(refused: string | undefined, nameClaim = 'name'): Promise<string | undefined> {
    const { getToken, server } = this.#host;
    if (!getToken) return sessions.get(server)?.getToken(refused);
    const token = await getToken(refused);
    if (token !== this.#token) {
      this.#token = token;
      this.#owner = token ? await actorOf(token, nameClaim) : undefined;
      this.#host.requestUpdate();
    }
    return token;
  }

  #site(config: Promise<Config>): Site {
    const { server, callback } = this.#host;
    return { server, config, callback: callback || callbackUrl() };
  }

  #enter(session: Session): void {
    sessions.set(this.#host.server, session);
    this.#tell();
  }

  #tell(): void {
    for (const one of everyone) if (one.#host.server === this.#host.server) one.#changed();
  }
}

/** The window is closed, or an issuer cut it off: an answer that still comes is taken. */
function giveUp(surelyClosed: boolean): never {
  throw new SignInProblem(surelyClosed ? 'popupClosed' : isFramed() ? 'framed' : 'popupWaiting');
}

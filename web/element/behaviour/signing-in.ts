import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Actor, Config } from '../../../src/domain/schema.generated.ts';
import type { Session } from '../../auth/session.ts';
import { Part } from '../../client/part.ts';
import { callbackUrl } from '../callback-url.ts';
import { actorOf } from './own-actor.ts';

interface Host extends ReactiveControllerHost {
  readonly server: string;
  readonly callback: string;
  /** The page's own session, where it has one. */
  readonly getToken: ((refused?: string) => Promise<string | undefined>) | undefined;
}

export class PopupBlocked extends Error {}

/** Only whoever signs in here needs this. Somebody waits with an empty window, so it gives up soon. */
const signingIn = new Part(() => import('../../auth/sign-in.ts'), 3);

/** Boxes of one server on one page share a session: one sign-in for all of them. In memory, and gone with the page. */
const sessions = new Map<string, Session>();
const everyone = new Set<SigningIn>();

/** Who is signed in: through the page's own session, or through ours, whose code is fetched when somebody signs in. */
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
    // Where windows are blocked the page itself goes; an issuer's page does not let itself be framed (RFC 9700, 4.16).
    if (!popup && window.top !== window) throw new PopupBlocked();
    try {
      const { signIn } = await signingIn.load();
      this.#enter(await signIn(await config, popup, this.#host.callback || callbackUrl()));
    } catch (error) {
      popup?.close();
      throw error;
    }
  }

  /** Finishes a sign-in that left the page because its window was blocked; see `resume` in `web/auth`. */
  async resume(config: Promise<Config>): Promise<void> {
    if (!location.hash.startsWith('#shout-box=')) return;
    const { resume } = await signingIn.load();
    const session = await resume(await config);
    if (session) this.#enter(session);
  }

  async end(): Promise<void> {
    const session = sessions.get(this.#host.server);
    sessions.delete(this.#host.server);
    this.#tell();
    await session?.signOut();
  }

  /** The token to connect with and, where it is the page's, whose it is. */
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

  #enter(session: Session): void {
    sessions.set(this.#host.server, session);
    this.#tell();
  }

  #tell(): void {
    for (const one of everyone) if (one.#host.server === this.#host.server) one.#changed();
  }
}

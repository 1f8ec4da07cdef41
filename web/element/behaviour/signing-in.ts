import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Actor } from '../../../src/domain/schema.generated.ts';
import type { Session } from '../../auth/session.ts';
import { Part } from '../../client/part.ts';
import type { Client } from '../client.ts';
import type { Asker } from '../sign-in/sign-in.ts';
import { actorOf } from './own-actor.ts';

interface Host extends ReactiveControllerHost {
  readonly server: string;
  readonly callback: string;
  /** The page's own session, if it has one. */
  readonly getToken: ((refused?: string) => Promise<string | undefined>) | undefined;
}

/** The sign-in part, needed only by those who sign in here. Gives up soon, because the person waits at an empty window. */
const part = new Part(() => import('../sign-in/sign-in.ts'), 3);

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
  async start(client: Client): Promise<void> {
    const popup = window.open('about:blank', '', 'popup,width=480,height=640');
    try {
      const { signInFrom } = await part.load();
      await signInFrom(this.#asker(client), popup);
    } catch (error) {
      // A window that was given up on may still bring an answer.
      if (!('said' in (error as Error))) popup?.close();
      throw error;
    }
  }

  /** Finishes a sign-in that came back to this page in its address; see `resume` in `web/auth`. */
  async resume(client: Client): Promise<void> {
    if (!location.hash.startsWith('#shout-box=')) return;
    const { resumeFrom } = await part.load();
    await resumeFrom(this.#asker(client));
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

  #asker(client: Client): Asker {
    const { server, callback } = this.#host;
    const signedIn = (session: Session) => {
      sessions.set(server, session);
      this.#tell();
    };
    return { server, callback, client, signedIn };
  }

  #tell(): void {
    for (const one of everyone) if (one.#host.server === this.#host.server) one.#changed();
  }
}

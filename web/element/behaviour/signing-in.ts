import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Actor, Config } from '../../../src/domain/schema.generated.ts';
import type { Session } from '../../auth/session.ts';
import { attempt } from '../../client/attempt.ts';
import { personOf } from '../../client/credentials.ts';
import { Part } from '../../client/part.ts';
import { serverOf } from '../../client/server.ts';
import type { Client } from '../client.ts';
import type { PageSession } from '../sign-in/page-session.ts';
import type { Asker, SignInProblem } from '../sign-in/sign-in.ts';
import { keyOf, type Remember, storageFor } from './remembering.ts';

interface Host extends ReactiveControllerHost {
  readonly server: string;
  readonly callback: string;
  readonly remember: Remember;
  /**
   * The page's function that gets an access token. The function is undefined if the box signs people in itself.
   * @param refused a token that the server has refused, if any
   */
  readonly getToken: ((refused?: string) => Promise<string | undefined>) | undefined;
}

interface Hooks {
  /**
   * Called when the box should ask for its token again, for example after a sign-in or sign-out in any box or tab.
   * @param problem why the session ended, unless the person ended it
   * @param left issuer and subject of the person who signed out (see `personOf`)
   */
  changed: (problem?: SignInProblem, left?: string) => void;
  /** Called with the description of a mistake that the author of the page can correct. */
  misconfigured: (message: string) => void;
}

/** The code of the box's own sign-in. Loading gives up after three attempts, because the window is empty until then. */
const part = new Part(() => import('../sign-in/sign-in.ts'), 3);

/** The code for pages that have their own session. */
const pageSession = new Part(() => import('../sign-in/page-session.ts'));

/** Sessions by server. All boxes of one server on this page share one session. */
const sessions = new Map<string, Session>();
const everyone = new Set<SigningIn>();

/**
 * Knows who is signed in, through the page's own session or the box's. The code of either session is fetched when it is
 * needed.
 */
export class SigningIn implements ReactiveController {
  readonly #host: Host;
  readonly #hooks: Hooks;
  #page: PageSession | undefined;

  constructor(host: Host, hooks: Hooks) {
    this.#host = host;
    this.#hooks = hooks;
    host.addController(this);
  }

  hostConnected(): void {
    everyone.add(this);
    window.addEventListener('storage', this.#elsewhere);
  }

  hostDisconnected(): void {
    everyone.delete(this);
    window.removeEventListener('storage', this.#elsewhere);
    this.#page?.stop();
  }

  get #server(): string {
    return serverOf(this.#host.server);
  }

  get user(): Actor | undefined {
    return this.#host.getToken ? this.#page?.user : sessions.get(this.#server)?.user;
  }

  /**
   * Issuer and subject of the person who is signed in (see `personOf`), from the box's session or a remembered one.
   * Undefined if there is neither, and for a page with `getToken`.
   */
  get person(): string | undefined {
    const { remember, getToken } = this.#host;
    if (getToken) return undefined;
    const session = sessions.get(this.#server);
    if (session) return session.person;
    return personOf(attempt(() => JSON.parse(storageFor(remember)!.getItem(keyOf(this.#server))!).access));
  }

  /**
   * Signs somebody in. Must run in the click itself, because browsers block a window that is opened later.
   * @throws if the sign-in fails or is given up
   */
  async start(client: Client): Promise<void> {
    // A page with `getToken` signs people in itself. Only asks the page for its token again, because somebody may have
    // signed in there meanwhile.
    if (this.#host.getToken) {
      this.#page?.forget();
      return this.#hooks.changed();
    }
    const popup = window.open('about:blank', '', 'popup,width=480,height=640');
    try {
      const { signInFrom } = await part.load();
      await signInFrom(this.#asker(client), popup);
    } catch (error) {
      // Leaves the window open if the error is a `SignInProblem`, which has `said`. The person may still sign in there.
      if (!('said' in (error as Error))) popup?.close();
      throw error;
    }
  }

  /** Finishes a sign-in whose result is in this page's address; see `resume` in `web/auth/sign-in.ts`. */
  async resume(client: Client): Promise<void> {
    if (!location.hash.startsWith('#shout-box=')) return;
    const { resumeFrom } = await part.load();
    await resumeFrom(this.#asker(client));
  }

  async end(): Promise<void> {
    await sessions.get(this.#server)?.signOut();
  }

  /** Makes the person a guest, because the server refuses the token. Called after asking for another did not help. */
  refused(config: Config | undefined): void {
    if (this.#host.getToken) this.#page?.refused(config);
    else void sessions.get(this.#server)?.signOut('refused');
  }

  /** Returns the token to connect with; undefined for a guest. A token of the page's own session also sets `user`. */
  async token(client: Client | undefined, refused: string | undefined): Promise<string | undefined> {
    if (this.#host.getToken) {
      const { PageSession } = await pageSession.load();
      this.#page ??= new PageSession(this.#host, this.#hooks);
      return this.#page.token(refused, client?.snapshot.config?.nameClaim);
    }
    await this.#restore(client!);
    return sessions.get(this.#server)?.getToken(refused);
  }

  /**
   * Continues a session that was remembered. Does not tell other boxes, because each box asks for its token when it
   * connects.
   */
  async #restore(client: Client): Promise<void> {
    const server = this.#server;
    if (sessions.has(server) || !storageFor(this.#host.remember)?.getItem(keyOf(server))) return;
    const { restoreFrom } = await part.load();
    if (sessions.has(server)) return;
    restoreFrom(this.#asker(client));
    this.#host.requestUpdate();
  }

  #asker(client: Client): Asker {
    const { callback, remember } = this.#host;
    const server = this.#server;
    const tell: Asker['tell'] = (...news) => {
      for (const one of everyone) if (one.#server === server) one.#hooks.changed(...news);
    };
    return { server, callback, remember, client, sessions, tell, misconfigured: this.#hooks.misconfigured };
  }

  /** Handles a change of the stored session by another tab: a sign-in, a sign-out or a renewal of the token. */
  readonly #elsewhere = ({ key }: StorageEvent): void => {
    if (key === keyOf(this.#server)) this.#hooks.changed();
  };
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Actor, Config } from '../../../src/domain/schema.generated.ts';
import { actorOf } from './own-actor.ts';

interface Session {
  getToken(): Promise<string | undefined>;
  readonly user: Actor | undefined;
  signOut(): Promise<void>;
}

interface Host extends ReactiveControllerHost {
  /** The page's own session, where it has one. */
  readonly getToken: (() => Promise<string | undefined>) | undefined;
}

/** Who is signed in: through the page's own session, or through ours, whose code is fetched when somebody signs in. */
export class SigningIn implements ReactiveController {
  readonly #host: Host;
  #session: Session | undefined;
  #lastToken: string | undefined;
  user: Actor | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Must run in the click itself: a window opened later than that is blocked. */
  async start(config: Promise<Config>): Promise<void> {
    const popup = window.open('about:blank', '', 'popup,width=480,height=640');
    try {
      const { signIn } = await loadSignIn();
      this.#session = await signIn(await config, popup);
      this.#become(this.#session.user);
    } catch (error) {
      popup?.close();
      throw error;
    }
  }

  async end(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#become(undefined);
    await session?.signOut();
  }

  /** The token to connect with, and as a by-product whose it is. */
  async token(nameClaim: string | undefined): Promise<string | undefined> {
    if (!this.#host.getToken) return this.#session?.getToken();
    const token = await this.#host.getToken();
    if (token !== this.#lastToken) {
      this.#lastToken = token;
      this.#become(token ? await actorOf(token, nameClaim ?? 'name') : undefined);
    }
    return token;
  }

  #become(user: Actor | undefined): void {
    this.user = user;
    this.#host.requestUpdate();
  }
}

async function loadSignIn(): Promise<{ signIn(config: Config, popup: Window | null): Promise<Session> }> {
  throw new Error('Sign-in is not part of this build.');
}

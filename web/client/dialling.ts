import type { Config } from '../../src/domain/schema.generated.ts';
import type { Api } from './api.ts';
import type { Target } from './connection.ts';
import type { Credentials } from './credentials.ts';
import type { Lifetime } from './lifetime.ts';
import type { Replica } from './replica.ts';

interface Hooks {
  /** Called each time {@link Dialling.dial} has obtained a token. */
  identified: () => void;
  /** Called when the token could not be obtained, and the client reads as a guest for the time being. */
  unidentified: () => void;
  changed: () => void;
}

/** Finds the address and the token to connect with. Meanwhile starts to load the first page of history. */
export class Dialling {
  /** The server's settings, from the last request that got them; undefined until a request has got them. */
  config: Config | undefined;
  /** Whether the first page was requested as a guest, before the token had arrived. */
  #askedAsGuest = false;
  readonly #room: string;
  readonly #api: Api;
  readonly #credentials: Credentials;
  readonly #replica: Replica;
  readonly #hooks: Hooks;

  constructor(room: string, api: Api, credentials: Credentials, replica: Replica, hooks: Hooks) {
    this.#room = room;
    this.#api = api;
    this.#credentials = credentials;
    this.#replica = replica;
    this.#hooks = hooks;
  }

  /**
   * @param failing true if the previous attempt to connect failed
   * @returns undefined if there is no token and guests may not read, or if `life` is over
   * @throws if the settings were never obtained, or if the token cannot be obtained and guests may not read
   */
  async dial(life: Lifetime, failing: boolean): Promise<Target | undefined> {
    let failure: Error | undefined;
    const [token, { guests, limits, webSocketUrl }] = await Promise.all([
      this.#identify(life).catch((error): undefined => {
        failure = error;
      }),
      this.#settings(life, failing),
    ]).catch((error) => {
      // `#identify` may have made the replica load the first page. Without settings there is no connection, so the
      // replica must stop too.
      if (!this.config) this.#replica.close();
      throw error;
    });
    if (life.over) return undefined;
    this.#api.largestPage = limits.pageSize;
    if (failure && !guests) throw failure;
    if (failure) {
      this.#credentials.token = undefined;
      this.#hooks.unidentified();
    }
    this.#hooks.changed();
    if (!token && !guests) {
      this.#replica.close();
      return undefined;
    }
    if (failing) this.#replica.poll();
    const url = new URL(webSocketUrl);
    url.searchParams.set('room', this.#room);
    return { url: url.href, protocols: ['shout-box.v1', ...(token ? [`bearer.${token}`] : [])], token };
  }

  /**
   * Gets the token, then starts to load the first page. To save a round trip, does not wait for the settings first. For
   * a guest, does not load the page if the settings have already arrived and say that guests may not read.
   *
   * @throws if the token cannot be obtained
   */
  async #identify(life: Lifetime): Promise<string | undefined> {
    const token = await this.#credentials.acquire(life);
    if (life.over) return undefined;
    if (token) this.#hooks.identified();
    // Drops the request for the first page that was made as a guest, because it may be refused. `open`, below, asks
    // again with the token.
    if (token && this.#askedAsGuest && !this.#replica.state.loaded) this.#replica.close();
    this.#askedAsGuest = false;
    if (token || this.config?.guests !== false) this.#replica.open();
    return token;
  }

  /**
   * Returns the settings. If the previous attempt to connect failed, asks for them again, because the server's address
   * in them may have changed. If this request fails, keeps the earlier settings. If guests may read, also starts to
   * load the first page, without waiting for the token.
   */
  async #settings(life: Lifetime, failing: boolean): Promise<Config> {
    if (!this.config || failing) {
      try {
        this.config = await this.#api.config(life);
      } catch (error) {
        if (!this.config) throw error;
      }
    }
    // If a token from an earlier attempt is still set, does not start to load: the request would carry that token,
    // which may have expired, and the server would refuse it.
    if (this.config.guests && !this.#credentials.token && !life.over) {
      this.#askedAsGuest = true;
      this.#replica.open();
    }
    return this.config;
  }
}

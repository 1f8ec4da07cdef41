import type { Config } from '../../src/domain/schema.generated.ts';
import type { Api } from './api.ts';
import type { Target } from './connection.ts';
import type { Credentials } from './credentials.ts';
import type { Lifetime } from './lifetime.ts';
import type { Replica } from './replica.ts';

interface Hooks {
  /** Called when there is a token. */
  identified: () => void;
  /** Called when the token could not be had, and the client reads as a guest for the time being. */
  unidentified: () => void;
  changed: () => void;
}

/** Finds the address and the token to connect with. Meanwhile starts to load the first page of history. */
export class Dialling {
  /** The server's settings, from the last request that got them; undefined before the first. */
  config: Config | undefined;
  /** Whether the first page was asked for as a guest, before the token was there. */
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
   * @param failing whether the attempt before this one did not lead to an open socket
   * @returns undefined if there is no token and guests may not read, or if `life` is over
   * @throws if the settings cannot be had, or if guests may not read and the token cannot be had
   */
  async dial(life: Lifetime, failing: boolean): Promise<Target | undefined> {
    let failure: Error | undefined;
    const [token, { guests, limits, webSocketUrl }] = await Promise.all([
      this.#identify(life).catch((error): undefined => {
        failure = error;
      }),
      this.#settings(life, failing),
    ]).catch((error) => {
      // Otherwise the replica would keep asking a server whose settings never arrived.
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
   * Asks for the token, then for the first page. Does not wait for the settings in between, which saves a round trip.
   *
   * @throws if the token cannot be had
   */
  async #identify(life: Lifetime): Promise<string | undefined> {
    const token = await this.#credentials.acquire(life);
    if (life.over) return undefined;
    if (token) this.#hooks.identified();
    // Loads the first page anew, now with the token, because the request as a guest may be refused.
    if (token && this.#askedAsGuest && !this.#replica.state.loaded) this.#replica.close();
    this.#askedAsGuest = false;
    if (token || this.config?.guests !== false) this.#replica.open();
    return token;
  }

  /**
   * Returns the settings. Asks for them again after a failed attempt, because the server may have moved. If guests may
   * read, asks for the first page without waiting for a token.
   */
  async #settings(life: Lifetime, failing: boolean): Promise<Config> {
    if (!this.config || failing) {
      try {
        this.config = await this.#api.config(life);
      } catch (error) {
        if (!this.config) throw error;
      }
    }
    // Does not ask with an earlier token, because it may have expired, and the request would then be refused.
    if (this.config.guests && !this.#credentials.token && !life.over) {
      this.#askedAsGuest = true;
      this.#replica.open();
    }
    return this.config;
  }
}

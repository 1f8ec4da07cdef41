import type { Config } from '../../src/domain/schema.generated.ts';
import type { Api } from './api.ts';
import type { Target } from './connection.ts';
import type { Credentials } from './credentials.ts';
import type { Lifetime } from './lifetime.ts';
import type { Replica } from './replica.ts';

interface Hooks {
  /** There is a token. */
  identified: () => void;
  /** Whether there is a token could not be found out, so reading goes on as a guest meanwhile. */
  unidentified: () => void;
  changed: () => void;
}

/** Finds out where and as whom to connect, and has the first page of history fetched meanwhile. */
export class Dialling {
  /** The server's settings, from the first attempt that got them. */
  config: Config | undefined;
  /** The first page was asked for as a guest, before the token was there. */
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
   * @param failing the attempt before this one did not get as far as an open socket
   * @returns undefined where nobody may connect without a sign-in
   * @throws if the settings cannot be had, or where guests may not read and the token cannot be had
   */
  async dial(life: Lifetime, failing: boolean): Promise<Target | undefined> {
    let failure: Error | undefined;
    const [token, { guests, limits, webSocketUrl }] = await Promise.all([
      this.#identify(life).catch((error): undefined => {
        failure = error;
      }),
      this.#settings(life, failing),
    ]).catch((error) => {
      // The replica would keep asking a server whose settings never arrived.
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
   * Asks for the token, then for the first page. It does not wait for the settings, which saves a round trip.
   *
   * @throws if the token cannot be had
   */
  async #identify(life: Lifetime): Promise<string | undefined> {
    const token = await this.#credentials.acquire(life);
    if (life.over) return undefined;
    if (token) this.#hooks.identified();
    // A guest may be refused what this person is given.
    if (token && this.#askedAsGuest && !this.#replica.state.loaded) this.#replica.close();
    this.#askedAsGuest = false;
    if (token || this.config?.guests !== false) this.#replica.open();
    return token;
  }

  /** The server may have moved if the address does not answer any more. Where guests may read, no page waits for a token. */
  async #settings(life: Lifetime, failing: boolean): Promise<Config> {
    if (!this.config || failing) {
      try {
        this.config = await this.#api.config(life);
      } catch (error) {
        if (!this.config) throw error;
      }
    }
    // The last token may have expired, so a page asked for with it would be refused.
    if (this.config.guests && !this.#credentials.token && !life.over) {
      this.#askedAsGuest = true;
      this.#replica.open();
    }
    return this.config;
  }
}

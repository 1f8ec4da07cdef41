import type { Actor } from '../../src/domain/schema.generated.ts';
import { personOf } from '../client/credentials.ts';
import type { Issuer, IssuerConfig, Tokens } from './issuer.ts';
import type { Kept, Memory } from './memory.ts';

/**
 * Why a session ended without a sign-out. `ended`: its token expired and could not be renewed. `refused`: the server
 * refuses its token.
 */
export type Over = 'ended' | 'refused';

export interface Session {
  /**
   * Returns the session's token, renewed if needed and possible; undefined once the session is over.
   * @param refused a token that the server refused, which is to be renewed even if it has not expired
   * @throws if the token has expired or is `refused`, and its renewal fails, for example because there is no network.
   *   Does not throw if the issuer refuses the renewal.
   */
  getToken(refused?: string): Promise<string | undefined>;
  /** Who signed in, for display; undefined if the token does not say. */
  readonly user: Actor | undefined;
  /** Issuer and subject of the person who signed in (see `personOf`); undefined for an opaque token. */
  readonly person: string | undefined;
  /**
   * Resolves when the session is over, to the reason. The reason is undefined if somebody signed out, or if another tab
   * removed or replaced the sign-in.
   */
  readonly over: Promise<Over | undefined>;
  /** Whether the session is over because its person signed out, here or in another tab. */
  readonly signedOut: boolean;
  /**
   * Ends the session and revokes its refresh token. If `why` is absent, ends the person's sign-ins in other tabs too.
   * @param why the reason, if the person did not choose to sign out
   */
  signOut(why?: Over): Promise<void>;
}

type TokenEndpoint = Pick<Issuer, 'refresh' | 'revoke'>;

/** The dependencies of a session. */
export interface Surroundings {
  memory: Memory;
  /** Finds the issuer. Called only when a token is to be renewed or revoked. */
  issuer: () => Promise<TokenEndpoint>;
  now: () => number;
}

/**
 * Time before its expiry at which a token is due for renewal, ms; at most a third of the token's lifetime. Longer than
 * `RENEW_BEFORE_MS` in `web/client/renewal.ts`, so that the token is already due when the client asks for a new one.
 */
const RENEW_BEFORE_MS = 70_000;

/**
 * A session whose tokens several tabs may share. Only one tab renews at a time, and only with the newest refresh token.
 * An issuer that rotates refresh tokens accepts each of them only once, and may revoke the newest one if an older one
 * is used again (RFC 9700, section 4.14.2).
 */
export class TokenSession implements Session {
  readonly over: Promise<Over | undefined>;
  readonly user: Actor | undefined;
  readonly person: string | undefined;
  signedOut = false;
  readonly #memory: Memory;
  readonly #issuer: Surroundings['issuer'];
  readonly #now: () => number;
  readonly #end: (why?: Over) => void;
  /** The newest known state of the sign-in; undefined when the session is over. */
  #kept: Kept | undefined;
  /**
   * The refresh token. It is copied to `#kept`, and so stored with the sign-in, once a renewal has shown that the
   * issuer rotates refresh tokens.
   */
  #refresh: string | undefined;
  #stored: boolean;
  #renewing: Promise<void> | undefined;

  /**
   * @param kept the sign-in as it was stored, or as {@link begin} made it
   * @param refresh the refresh token of a new sign-in, if any; absent for a stored sign-in, which has its refresh token
   *   in `kept` if the issuer rotates refresh tokens
   */
  constructor({ memory, issuer, now }: Surroundings, kept: Kept, refresh?: string) {
    this.#memory = memory;
    this.#issuer = issuer;
    this.#now = now;
    this.#kept = kept;
    this.#refresh = refresh ?? kept.refresh;
    this.#stored = !refresh && memory.load()?.id === kept.id;
    this.user = kept.user;
    this.person = personOf(kept.access);
    const { promise, resolve } = Promise.withResolvers<Over | undefined>();
    this.over = promise;
    this.#end = (why) => {
      this.#kept = undefined;
      this.signedOut ||= memory.hasEnded(kept);
      memory.end();
      resolve(why);
    };
    memory.listen((signedOut) => {
      if (signedOut && this.#concerns(signedOut)) this.#forget();
      else this.#catchUp();
    });
  }

  /**
   * Begins a session with the tokens of a sign-in, and stores the sign-in if `memory` has storage. A stored sign-in
   * with a refresh token is renewed at once, because only the first renewal shows whether the issuer rotates its
   * refresh tokens. Until then the refresh token is not stored.
   */
  static begin(
    surroundings: Surroundings,
    tokens: Tokens,
    { issuer, user, id }: { issuer: IssuerConfig; user: Actor | undefined; id: string },
  ): TokenSession {
    const { memory, now } = surroundings;
    const after = memory.signedOut({ id, user });
    const kept = { id, generation: 0, issuer, user, after, ...timed(tokens, now()) };
    const session = new TokenSession(surroundings, kept, tokens.refresh);
    session.#stored = memory.store(kept);
    if (session.#stored && tokens.refresh) session.#renewOnce(kept.access).catch(() => {});
    return session;
  }

  async getToken(refused?: string): Promise<string | undefined> {
    this.#catchUp();
    if (this.#isDue(refused)) {
      await this.#renewOnce(refused).catch((error) => {
        if (this.#kept && (this.#hasEnded() || this.#kept.access === refused)) throw error;
      });
    }
    if (this.#kept && this.#hasEnded()) this.#forget('ended');
    // Without a refresh token, or if the issuer refused it, this is the token in `refused` again. That token may still
    // be good: the server also refuses a client if it has lost its record of the client's connection.
    return this.#kept?.access;
  }

  async signOut(why?: Over): Promise<void> {
    this.#catchUp();
    if (!this.#kept) return;
    const { id } = this.#kept;
    const refresh = this.#refresh;
    if (!why) this.#memory.signOut({ id, person: this.user?.id });
    this.#forget(why);
    // The person is signed out here even if the issuer does not answer.
    if (refresh) await this.#revoke(refresh).catch(() => {});
  }

  /** Whether the current token must be renewed, because it is due for renewal or was refused. */
  #isDue(refused: string | undefined): boolean {
    const { access, renewAt = Number.POSITIVE_INFINITY } = this.#kept ?? {};
    return this.#now() >= renewAt || (access !== undefined && access === refused);
  }

  #hasEnded(): boolean {
    const { endsAt = Number.POSITIVE_INFINITY } = this.#kept ?? {};
    return this.#now() >= endsAt;
  }

  /** Renews the token. Callers at the same time wait for the same renewal. */
  #renewOnce(refused: string | undefined): Promise<void> {
    this.#renewing ??= this.#memory
      .alone(() => this.#renew(refused))
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #renew(refused: string | undefined): Promise<void> {
    this.#catchUp();
    const kept = this.#kept;
    if (!kept || !this.#isDue(refused)) return;
    // A newer generation means that a duplicate of this tab has renewed, and so has used this refresh token.
    if (this.#memory.newest(kept.id) > kept.generation) this.#refresh = undefined;
    const refresh = this.#refresh;
    if (!refresh) return;
    const renewed = await (await this.#issuer()).refresh(refresh);
    this.#catchUp();
    if (this.#kept !== kept) {
      if (renewed?.refresh) await this.#revoke(renewed.refresh).catch(() => {});
      return;
    }
    const { refresh: _, ...lasting } = kept;
    // `undefined` means that the issuer refused the refresh token. The access token stays valid until it expires.
    if (!renewed) this.#keep(lasting, undefined);
    else {
      const rotates = renewed.refresh !== undefined && renewed.refresh !== refresh;
      const fresh = { ...timed(renewed, this.#now()), ...(rotates && { refresh: renewed.refresh }) };
      this.#keep({ ...lasting, ...fresh, generation: kept.generation + 1 }, renewed.refresh ?? refresh);
    }
  }

  #keep(kept: Kept, refresh: string | undefined): void {
    this.#kept = kept;
    this.#refresh = refresh;
    if (this.#stored) this.#memory.store(kept);
  }

  /** Applies what other tabs did: takes over newer tokens, and ends after a sign-out or another sign-in. */
  #catchUp(): void {
    const mine = this.#kept;
    if (!mine) return;
    const latest = this.#stored ? this.#memory.load() : mine;
    if (latest?.id !== mine.id || this.#memory.hasEnded(mine)) this.#end();
    else if (latest.generation > mine.generation) {
      this.#kept = latest;
      this.#refresh = latest.refresh;
    }
  }

  #concerns({ id, person }: { id: string; person: string | undefined }): boolean {
    return id === this.#kept?.id || (person !== undefined && person === this.user?.id);
  }

  #forget(why?: Over): void {
    if (this.#stored) this.#memory.forget();
    this.signedOut = !why;
    this.#end(why);
  }

  async #revoke(refresh: string): Promise<void> {
    await (await this.#issuer()).revoke(refresh);
  }
}

function timed({ access, expiresIn }: Tokens, now: number): Pick<Kept, 'access' | 'renewAt' | 'endsAt'> {
  if (expiresIn === undefined) return { access };
  const lifetime = expiresIn * 1_000;
  return { access, renewAt: now + lifetime - Math.min(RENEW_BEFORE_MS, lifetime / 3), endsAt: now + lifetime };
}

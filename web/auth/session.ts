import type { Actor } from '../../src/domain/schema.generated.ts';
import type { Issuer, Tokens } from './issuer.ts';

export interface Session {
  /**
   * A valid token, renewed if needed and possible; undefined once the session is over.
   * @param refused a token that the server refused, whatever its expiry says
   * @throws if the issuer cannot be reached
   */
  getToken(refused?: string): Promise<string | undefined>;
  /** Who signed in, for display; undefined if the token does not say. */
  readonly user: Actor | undefined;
  signOut(): Promise<void>;
}

/** Renews before the connection asks for its next token, so that it gets a new one; at a quarter of a short life. */
const RENEW_BEFORE_MS = 70_000;

/** A session in memory only, so that no other script finds tokens later and none stay on a shared machine. */
export class TokenSession implements Session {
  readonly user: Actor | undefined;
  readonly #issuer: Pick<Issuer, 'refresh' | 'revoke'>;
  readonly #now: () => number;
  #tokens: Tokens | undefined;
  #renewAt = 0;
  #endsAt = 0;
  #renewing: Promise<void> | undefined;

  constructor(issuer: Pick<Issuer, 'refresh' | 'revoke'>, tokens: Tokens, user?: Actor, now: () => number = Date.now) {
    this.#issuer = issuer;
    this.user = user;
    this.#now = now;
    this.#keep(tokens);
  }

  async getToken(refused?: string): Promise<string | undefined> {
    const isRefused = () => refused !== undefined && this.#tokens?.access === refused;
    if (this.#now() >= this.#renewAt || isRefused()) {
      // A rotated refresh token works once (RFC 9700, section 4.14.2), so two renewals at a time would end the session.
      this.#renewing ??= this.#renew().finally(() => {
        this.#renewing = undefined;
      });
      await this.#renewing.catch((error) => {
        if (this.#now() >= this.#endsAt || isRefused()) throw error;
      });
    }
    return this.#now() < this.#endsAt && !isRefused() ? this.#tokens?.access : undefined;
  }

  async signOut(): Promise<void> {
    const refresh = this.#tokens?.refresh;
    this.#tokens = undefined;
    this.#renewAt = Number.POSITIVE_INFINITY;
    // The person is signed out here even if the issuer does not answer.
    if (refresh) await this.#issuer.revoke(refresh).catch(() => {});
  }

  async #renew(): Promise<void> {
    const before = this.#tokens;
    if (!before?.refresh) return;
    const renewed = await this.#issuer.refresh(before.refresh);
    if (this.#tokens !== before) return;
    if (renewed) this.#keep({ ...renewed, refresh: renewed.refresh ?? before.refresh });
    // The current token stays valid until its expiry.
    else this.#tokens = { access: before.access };
  }

  #keep(tokens: Tokens): void {
    const lifetime = (tokens.expiresIn ?? Number.POSITIVE_INFINITY) * 1_000;
    this.#tokens = tokens;
    this.#endsAt = this.#now() + lifetime;
    this.#renewAt = this.#endsAt - Math.min(RENEW_BEFORE_MS, lifetime / 3);
  }
}

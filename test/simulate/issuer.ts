import { ShoutError } from '../../src/domain/errors.ts';
import type { Identity, TokenVerifier } from '../../src/domain/ports/token-verifier.ts';
import { actorId } from '../../src/infra/identity/actor.ts';
import { identify, type Settings } from '../../src/infra/identity/claims.ts';
import { onBehalf } from './lambda.ts';
import type { VirtualTime } from './time.ts';

export const ISSUER = 'https://issuer.example';
const TOLERANCE_S = 5;
/** The times of src/infra/identity/issuer-keys.ts. `RETRY_MS` has the value of `LAST_RETRY_MS` in that file. */
const FRESH_MS = 10 * 60_000;
const RETRY_MS = 5_000;
const COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 3_000;

/** An OpenID issuer that can go down and change its keys. Its tokens have the name of the key as their signature. */
export class Issuer {
  mode: 'up' | 'failing' | 'silent' = 'up';
  #key = 1;
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get keys(): readonly number[] {
    return [this.#key, this.#key - 1];
  }

  rotate(): void {
    this.#key++;
  }

  token(sub: string, seconds = 3_600): string {
    const now = Math.floor(this.#time.now() / 1_000);
    const roles = sub.startsWith('moderator') ? ['moderator'] : [];
    const claims = { iss: ISSUER, sub, name: sub, roles, iat: now, exp: now + seconds };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part(claims)}.k${this.#key}`;
  }

  actorOf(sub: string): string {
    return actorId(ISSUER, sub);
  }
}

/**
 * Verifies the tokens of the simulated issuer. jose is not used, because its verification runs on a thread pool, which
 * ignores the virtual clock. This verifier imitates what token-verifier.ts and issuer-keys.ts in src/infra/identity
 * decide about keys and expiry.
 */
export class SimulatedVerifier implements TokenVerifier {
  readonly #issuer: Issuer;
  readonly #time: VirtualTime;
  readonly #settings: Settings;
  #known: readonly number[] = [];
  #failed = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #nextLookAt = Number.NEGATIVE_INFINITY;

  constructor(issuer: Issuer, time: VirtualTime, settings: Settings) {
    this.#issuer = issuer;
    this.#time = time;
    this.#settings = settings;
  }

  /** Forgets the keys. This imitates a new process, which has no keys yet. */
  forget(): void {
    this.#known = [];
    this.#lookedAt = this.#nextLookAt = Number.NEGATIVE_INFINITY;
  }

  verify(token: string): Promise<Identity> {
    return onBehalf(() => this.#verify(token));
  }

  async #verify(token: string): Promise<Identity> {
    const [, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { iat: number; exp: number };
    await this.#findKey(Number(signature?.slice(1)), claims.iat * 1_000);
    const now = this.#time.now();
    if (claims.exp * 1_000 + TOLERANCE_S * 1_000 <= now)
      throw new ShoutError('unauthenticated', 'The token was refused: ERR_JWT_EXPIRED.');
    return identify({ ...claims }, this.#settings, now, TOLERANCE_S);
  }

  async #findKey(key: number, issuedAt: number): Promise<void> {
    const age = () => this.#time.now() - this.#lookedAt;
    if (age() > FRESH_MS) await this.#look();
    if (this.#known.includes(key)) return;
    await this.#look();
    if (this.#known.includes(key)) return;
    if (this.#known.length === 0 || this.#failed || issuedAt > this.#lookedAt) {
      const retryAfterMs = Math.max(0, this.#nextLookAt - this.#time.now());
      throw new ShoutError('unavailable', "The issuer's keys cannot be had right now.", { retryAfterMs });
    }
    throw new ShoutError('unauthenticated', 'The token was refused: ERR_JWKS_NO_MATCHING_KEY.');
  }

  async #look(): Promise<void> {
    if (this.#time.now() < this.#nextLookAt) return;
    const { mode } = this.#issuer;
    this.#nextLookAt = this.#time.now() + RETRY_MS;
    await this.#time.sleep(mode === 'silent' ? TIMEOUT_MS : 20);
    this.#failed = mode !== 'up';
    if (this.#failed) return;
    this.#known = this.#issuer.keys;
    this.#lookedAt = this.#time.now();
    this.#nextLookAt = this.#lookedAt + COOLDOWN_MS;
  }
}

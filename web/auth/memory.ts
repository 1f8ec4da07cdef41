import type { Actor } from '../../src/domain/schema.generated.ts';
import { attempt } from '../client/attempt.ts';
import { keyOf, type Remember, storageFor } from '../element/behaviour/remembering.ts';
import type { IssuerConfig } from './issuer.ts';

/** A sign-in as its pages and tabs share it. */
export interface Kept {
  /** Of this sign-in. A duplicated tab has the same. */
  id: string;
  /** How often the tokens were renewed. A greater number is newer. */
  generation: number;
  issuer: IssuerConfig;
  user: Actor | undefined;
  access: string;
  /** Only where the issuer replaces it at each use. */
  refresh?: string | undefined;
  /** ms since 1970; absent where the issuer does not say. */
  renewAt?: number;
  endsAt?: number;
}

/** Somebody signed out. */
interface SignedOut {
  id: string;
  person: string | undefined;
}

type News = { server: string } & ({ kept: Kept } | { signedOut: SignedOut });

export interface Memory {
  /** What is stored now, perhaps by another tab. */
  load(): Kept | undefined;
  /** Stores it and tells the other tabs. @returns false if this page stores nothing */
  store(kept: Kept): boolean;
  /** Forgets it here; each tab forgets its own copy. */
  forget(): void;
  /** The greatest generation of the sign-in `id` that any tab has had. */
  newest(id: string): number;
  /** Runs while no other tab does. */
  alone(run: () => Promise<void>): Promise<void>;
  signOut(who: SignedOut): void;
  /** `listener` hears of changes by other tabs, until `end`. */
  listen(listener: (signedOut?: SignedOut) => void): void;
  end(): void;
}

const CHANNEL = 'shout-box:session';
/** Generations by sign-in, so that a tab that was duplicated knows that its copy was used. No secrets. */
const GENERATIONS = 'shout-box:generations';
const MAX_GENERATIONS = 50;

/** The memory of a page. Where storage is blocked, a sign-in lasts as long as the page. */
export class PageMemory implements Memory {
  readonly #server: string;
  readonly #remember: Remember;
  readonly #storage: Storage | undefined;
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor(server: string, remember: Remember) {
    this.#server = server;
    this.#remember = remember;
    this.#storage = storageFor(remember);
  }

  load(): Kept | undefined {
    const kept = attempt(() => JSON.parse(this.#storage?.getItem(keyOf(this.#server)) ?? 'null') as Kept | null);
    return typeof kept?.access === 'string' ? kept : undefined;
  }

  store(kept: Kept): boolean {
    if (!this.#keep(kept)) return false;
    if (this.#remember !== 'device' && kept.generation > 0) {
      const { [kept.id]: _, ...others } = generations();
      const newest = [...Object.entries(others), [kept.id, kept.generation]].slice(-MAX_GENERATIONS);
      attempt(() => localStorage.setItem(GENERATIONS, JSON.stringify(Object.fromEntries(newest))));
    }
    this.#tell({ server: this.#server, kept });
    return true;
  }

  forget(): void {
    attempt(() => this.#storage?.removeItem(keyOf(this.#server)));
  }

  newest(id: string): number {
    return generations()[id] ?? 0;
  }

  alone(run: () => Promise<void>): Promise<void> {
    // Without storage no other tab has these tokens.
    return this.#storage ? navigator.locks.request(keyOf(this.#server), run) : run();
  }

  signOut(who: SignedOut): void {
    this.forget();
    this.#tell({ server: this.#server, signedOut: who });
  }

  listen(listener: (signedOut?: SignedOut) => void): void {
    this.#channel.onmessage = ({ data }: MessageEvent<News>) => {
      if (data.server !== this.#server) return;
      if ('signedOut' in data) return listener(data.signedOut);
      const mine = this.load();
      const isCopy = this.#remember !== 'device' && mine?.id === data.kept.id;
      if (isCopy && data.kept.generation > mine.generation) this.#keep(data.kept);
      listener();
    };
  }

  end(): void {
    this.#channel.close();
  }

  /** @returns false if it was not stored */
  #keep(kept: Kept): boolean {
    const stored = attempt(() => {
      this.#storage?.setItem(keyOf(this.#server), JSON.stringify(kept));
      return this.#storage;
    });
    return stored !== undefined;
  }

  #tell(news: News): void {
    this.#channel.postMessage(news);
  }
}

function generations(): Record<string, number> {
  return attempt(() => JSON.parse(localStorage.getItem(GENERATIONS) ?? '{}') as Record<string, number>) ?? {};
}

import type { Actor } from '../../src/domain/schema.generated.ts';
import { attempt } from '../client/attempt.ts';
import { keyOf, type Remember, storageFor } from '../element/behaviour/remembering.ts';
import type { IssuerConfig } from './issuer.ts';

/** A sign-in as it is kept: in memory and, depending on `remember`, in the storage of the tab or of the browser. */
export interface Kept {
  /** Identifies this sign-in. A duplicated tab has the same id. */
  id: string;
  /** How often the tokens were renewed. A greater number is newer. */
  generation: number;
  issuer: IssuerConfig;
  user: Actor | undefined;
  /** The sign-in that its person had last signed out of when this one began; see {@link Memory.signedOut}. */
  after?: string | undefined;
  access: string;
  /** The refresh token. Stored only if the issuer replaces it at each use. */
  refresh?: string | undefined;
  /** ms since 1970; absent if the issuer does not say. */
  renewAt?: number;
  endsAt?: number;
}

/** Somebody signed out of the sign-in `id`. */
interface SignedOut {
  id: string;
  person: string | undefined;
}

/** A person, identified by `user.id`, or by the id of the sign-in if the token does not name its person. */
type Person = Pick<Kept, 'id' | 'user'>;

type News = { server: string } & ({ kept: Kept } | { signedOut: SignedOut });

export interface Memory {
  /** Returns the sign-in that is stored now, perhaps by another tab; undefined if it has ended. */
  load(): Kept | undefined;
  /** Stores a sign-in and tells the other tabs. @returns false if this page stores nothing */
  store(kept: Kept): boolean;
  /** Removes the stored sign-in. Each tab removes its own copy. */
  forget(): void;
  /** Returns the greatest generation of the sign-in `id` that any tab has had. */
  newest(id: string): number;
  /** Calls `run` while no other tab is in such a call. */
  alone(run: () => Promise<void>): Promise<void>;
  /** Ends the sign-ins of this person in all tabs, even if no page shows them now. */
  signOut(who: SignedOut): void;
  /** Returns the id of the sign-in that this person last signed out of. */
  signedOut(person: Person): string | undefined;
  /** Whether the person of a sign-in has signed out since it began. */
  hasEnded(kept: Kept): boolean;
  /** Calls `listener` when another tab changes something, until `end`. */
  listen(listener: (signedOut?: SignedOut) => void): void;
  end(): void;
}

const CHANNEL = 'shout-box:session';
/**
 * Generations by sign-in. They tell a duplicated tab that its copy of the refresh token was used. They are no secrets.
 */
const GENERATIONS = 'shout-box:generations';
/** Prefix of the sign-ins that people last signed out of, by `actor.id`, for each server. */
const SIGNED_OUT = 'shout-box:signed-out:';
/** Most entries in each item of the two kinds above. */
const MAX_ENTRIES = 50;

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
    if (typeof kept?.access !== 'string') return undefined;
    if (!this.hasEnded(kept)) return kept;
    this.forget();
    return undefined;
  }

  store(kept: Kept): boolean {
    if (!this.#keep(kept)) return false;
    if (this.#remember !== 'device' && kept.generation > 0) {
      note(GENERATIONS, kept.id, kept.generation);
    }
    this.#tell({ server: this.#server, kept });
    return true;
  }

  forget(): void {
    attempt(() => this.#storage?.removeItem(keyOf(this.#server)));
  }

  newest(id: string): number {
    return notes<number>(GENERATIONS)[id] ?? 0;
  }

  alone(run: () => Promise<void>): Promise<void> {
    // Without storage no other tab has these tokens.
    return this.#storage ? navigator.locks.request(keyOf(this.#server), run) : run();
  }

  signOut(who: SignedOut): void {
    note(SIGNED_OUT + this.#server, who.person ?? who.id, who.id);
    this.forget();
    this.#tell({ server: this.#server, signedOut: who });
  }

  signedOut({ id, user }: Person): string | undefined {
    return notes<string>(SIGNED_OUT + this.#server)[user?.id ?? id];
  }

  hasEnded(kept: Kept): boolean {
    const last = this.signedOut(kept);
    return last !== undefined && last !== kept.after;
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

function notes<T>(item: string): Record<string, T> {
  return attempt(() => JSON.parse(localStorage.getItem(item) ?? '{}') as Record<string, T>) ?? {};
}

/** Adds a note to an item, which keeps its newest notes only. */
function note<T>(item: string, key: string, value: T): void {
  const { [key]: _, ...others } = notes<T>(item);
  const newest = [...Object.entries(others), [key, value]].slice(-MAX_ENTRIES);
  attempt(() => localStorage.setItem(item, JSON.stringify(Object.fromEntries(newest))));
}

import type { Actor } from '../../src/domain/schema.generated.ts';
import { attempt } from '../client/attempt.ts';
import { keyOf, type Remember, storageFor } from '../element/behaviour/remembering.ts';
import { openChannel } from './channel.ts';
import type { IssuerConfig } from './issuer.ts';

/** A sign-in, kept in memory and, depending on `remember`, in the storage of the tab or of the browser. */
export interface Kept {
  /** Identifies this sign-in. If the person duplicates the tab, the new tab's copy has the same id. */
  id: string;
  /** Number of renewals of the tokens. Of two copies of a sign-in, the one with the greater number is newer. */
  generation: number;
  issuer: IssuerConfig;
  user: Actor | undefined;
  /**
   * Result of {@link Memory.signedOut} when this sign-in began. If it returns another result later, the person has
   * signed out since.
   */
  after?: string | undefined;
  access: string;
  /** The refresh token. Stored only if the issuer replaces it at each use. */
  refresh?: string | undefined;
  /** When to renew the access token, ms since 1970; absent if the issuer does not say when it expires. */
  renewAt?: number;
  /** When the access token expires, ms since 1970; absent if the issuer does not say. */
  endsAt?: number;
}

/** A sign-out from the sign-in `id`. `person` is that sign-in's `user.id`; undefined if the token names no person. */
interface SignedOut {
  id: string;
  person: string | undefined;
}

/** A person, identified by `user.id`, or by the id of the sign-in if the token does not name its person. */
type Person = Pick<Kept, 'id' | 'user'>;

type News = { server: string } & ({ kept: Kept } | { signedOut: SignedOut });

export interface Memory {
  /**
   * Returns the stored sign-in, which may come from another tab; undefined if there is none. If its person has signed
   * out, removes it and returns undefined.
   */
  load(): Kept | undefined;
  /** Stores a sign-in and tells the other tabs. @returns false, without telling, if storage is off, blocked or full */
  store(kept: Kept): boolean;
  /** Removes the stored sign-in. With `remember = 'tab'`, each tab has its own copy, and only this tab's is removed. */
  forget(): void;
  /** Returns the newest generation of the sign-in `id` that a tab has recorded; 0 if none has. */
  newest(id: string): number;
  /**
   * Calls `run`. If sign-ins are stored, holds a lock meanwhile, so that tabs with the same stored sign-in take turns.
   */
  alone(run: () => Promise<void>): Promise<void>;
  /** Ends the person's sign-ins at this server in all tabs, also in tabs that now show a page without a box. */
  signOut(who: SignedOut): void;
  /** Returns the id of the sign-in that this person last signed out of; undefined if none is recorded. */
  signedOut(person: Person): string | undefined;
  /** Whether the person of a sign-in has signed out since it began. */
  hasEnded(kept: Kept): boolean;
  /** Calls `listener` when another tab stores a sign-in at this server or signs somebody out, until `end` is called. */
  listen(listener: (signedOut?: SignedOut) => void): void;
  end(): void;
}

const CHANNEL = 'shout-box:session';
/**
 * Key of the `localStorage` item with the newest generation of each sign-in. From it, a duplicated tab learns that the
 * other tab has used the refresh token that both have. Generations are not secret, so they may outlive the tab.
 */
const GENERATIONS = 'shout-box:generations';
/**
 * Prefix of keys in `localStorage`. The address of a server follows it. The server's item maps people to the id of the
 * sign-in that they last signed out of.
 */
const SIGNED_OUT = 'shout-box:signed-out:';
/** Maximum number of entries in the item with generations, and in each server's item with sign-outs. */
const MAX_ENTRIES = 50;

/**
 * Memory in the browser's storage. Tells the other tabs of changes over a BroadcastChannel. If `remember` is `no` or
 * storage is blocked, a sign-in ends with its page.
 */
export class PageMemory implements Memory {
  readonly #server: string;
  readonly #remember: Remember;
  readonly #storage: Storage | undefined;
  readonly #channel = openChannel(CHANNEL);

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
    // Without storage, no other tab has this tab's tokens.
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
    const hear = ({ data }: MessageEvent<News>) => {
      if (data.server !== this.#server) return;
      if ('signedOut' in data) return listener(data.signedOut);
      const mine = this.load();
      const isCopy = this.#remember !== 'device' && mine?.id === data.kept.id;
      if (isCopy && data.kept.generation > mine.generation) this.#keep(data.kept);
      listener();
    };
    if (this.#channel) this.#channel.onmessage = hear;
  }

  end(): void {
    this.#channel?.close();
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
    this.#channel?.postMessage(news);
  }
}

function notes<T>(item: string): Record<string, T> {
  return attempt(() => JSON.parse(localStorage.getItem(item) ?? '{}') as Record<string, T>) ?? {};
}

/** Adds an entry to a `localStorage` item, and drops the oldest entries if there are more than `MAX_ENTRIES`. */
function note<T>(item: string, key: string, value: T): void {
  const { [key]: _, ...others } = notes<T>(item);
  const newest = [...Object.entries(others), [key, value]].slice(-MAX_ENTRIES);
  attempt(() => localStorage.setItem(item, JSON.stringify(Object.fromEntries(newest))));
}

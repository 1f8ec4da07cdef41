import { attempt } from './attempt.ts';
import { serverOf } from './server.ts';
import type { Entry } from './snapshot.ts';

/** The part of `localStorage` used here. */
export type KeptStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/**
 * Maximum age of a kept command. Older commands are dropped, because a message from days ago would surprise everybody.
 */
const KEPT_MS = 24 * 3_600_000;

export interface KeptPlace {
  /** Undefined if the page has no storage; commands then live as long as the page. */
  storage: KeptStorage | undefined;
  server: string;
  room: string;
}

type Kept = Pick<Entry, 'command' | 'at' | 'person'>;

/**
 * Keeps unanswered commands in storage, so that they outlive their page. They are sent at the next visit, under the
 * same `clientMessageId`, so that they cannot count twice (I2 of docs/guarantees.md). Each command is a storage item of
 * its own, so that several open pages do not overwrite each other's commands.
 */
export class KeptCommands {
  readonly #storage: KeptStorage | undefined;
  readonly #server: string;
  readonly #prefix: string;
  readonly #ids = new Set<string>();

  constructor({ storage, server, room }: KeptPlace) {
    this.#storage = storage;
    this.#server = `shout-box:outbox:${serverOf(server)} `;
    this.#prefix = `${this.#server}${room}:`;
  }

  /**
   * Stores the commands that still need an answer and have a known `person`. Removes commands that an earlier call has
   * stored and that need no answer any more.
   */
  keep(entries: readonly Entry[]): void {
    const waiting = entries.filter(({ state, person }) => state === 'sending' && person !== undefined);
    const ids = new Set(waiting.map(({ command }) => command.clientMessageId));
    for (const id of this.#ids) if (!ids.has(id)) this.#remove(id);
    for (const { command, at, person } of waiting) {
      if (this.#ids.has(command.clientMessageId)) continue;
      this.#ids.add(command.clientMessageId);
      attempt(() =>
        this.#storage?.setItem(this.#prefix + command.clientMessageId, JSON.stringify({ command, at, person })),
      );
    }
  }

  /**
   * Returns the author's kept commands in this room, oldest first. Removes this room's items that are too old or
   * unreadable, whoever their author is.
   */
  load(author: string, now: number): Kept[] {
    const found: Kept[] = [];
    this.#each(this.#prefix, (kept) => {
      if (!kept || now - kept.at > KEPT_MS) return true;
      if (kept.person === author) found.push(kept);
      return false;
    });
    return found.sort((a, b) => a.at - b.at);
  }

  /** Removes the author's kept commands in every room of the server. `undefined` stands for a guest, who has none. */
  forget(author: string | undefined): void {
    this.#each(this.#server, (kept) => kept?.person === author);
  }

  /**
   * Removes the items with this prefix for which `remove` returns true. The argument of `remove` is undefined for an
   * item that cannot be read.
   */
  #each(prefix: string, remove: (kept: Kept | undefined) => boolean): void {
    const storage = this.#storage;
    attempt(() => {
      const keys = Array.from({ length: storage!.length }, (_, index) => storage!.key(index)!);
      for (const key of keys) {
        const matches = key.startsWith(prefix);
        if (matches && remove(attempt(() => JSON.parse(storage!.getItem(key)!)))) storage!.removeItem(key);
      }
    });
  }

  #remove(id: string): void {
    this.#ids.delete(id);
    attempt(() => this.#storage?.removeItem(this.#prefix + id));
  }
}

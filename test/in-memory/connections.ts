import { ShoutError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Connection, Connections } from '../../src/domain/ports/connections.ts';
import type { Identity } from '../../src/domain/ports/token-verifier.ts';
import type { Actor } from '../../src/domain/schema.generated.ts';

/** API Gateway ends a connection after two hours. */
const LIFETIME_MS = 2 * 3_600_000;

interface Options {
  maxPerPerson: number;
  now: Clock;
  /** Connections on one page of a room's list. */
  pageSize?: number;
}

/** Open connections as plain data, with exactly the guarantees of test/contracts/connections.ts. */
export class InMemoryConnections implements Connections {
  readonly #open = new Map<string, Connection>();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async add(connection: Connection): Promise<void> {
    if (connection.actor) this.#claim(connection.actor);
    this.#open.set(connection.id, connection);
  }

  async find(id: string): Promise<Connection | undefined> {
    const connection = this.#open.get(id);
    return connection && this.#lives(connection) ? connection : undefined;
  }

  async authenticate({ id }: Connection, { actor, expiresAt, roles }: Identity): Promise<boolean> {
    const connection = this.#open.get(id);
    if (!connection || (connection.actor && connection.actor.id !== actor.id)) return false;
    if (!connection.actor) this.#claim(actor);
    const { roles: _, ...rest } = connection;
    this.#open.set(id, { ...rest, actor, tokenExpiresAt: expiresAt, ...(roles?.length ? { roles } : {}) });
    return true;
  }

  async ofPerson(actorId: string): Promise<Connection[]> {
    return [...this.#open.values()].filter((connection) => connection.actor?.id === actorId && this.#lives(connection));
  }

  async remove({ id }: Pick<Connection, 'id'>): Promise<void> {
    this.#open.delete(id);
  }

  async forget(ids: readonly string[], _signal: AbortSignal): Promise<void> {
    for (const id of ids) this.#open.delete(id);
  }

  async *inRoom(room: string, _signal: AbortSignal): AsyncGenerator<readonly Connection[]> {
    const { pageSize = 1_000 } = this.#options;
    const all = [...this.#open.values()].filter((connection) => connection.room === room && this.#lives(connection));
    for (let i = 0; i < all.length; i += pageSize) yield all.slice(i, i + pageSize);
  }

  #claim(actor: Actor): void {
    const held = [...this.#open.values()].filter((connection) => connection.actor?.id === actor.id);
    if (held.filter((connection) => this.#lives(connection)).length < this.#options.maxPerPerson) return;
    throw new ShoutError('rate_limited', `You have ${this.#options.maxPerPerson} connections open. Close one first.`);
  }

  #lives({ connectedAt }: Connection): boolean {
    return this.#options.now() < connectedAt + LIFETIME_MS;
  }
}

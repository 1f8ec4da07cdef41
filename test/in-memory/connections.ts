import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Connection, Connections } from '../../src/domain/ports/connections.ts';
import type { Identity } from '../../src/domain/ports/token-verifier.ts';

/** API Gateway ends a connection after two hours. */
const LIFETIME_MS = 2 * 3_600_000;

interface Options {
  maxPerPerson: number;
  now: Clock;
  /** Maximum number of connections on one page of a room's list. */
  pageSize?: number;
}

/** Keeps open connections in memory, with the guarantees of test/contracts/connections.ts. */
export class InMemoryConnections implements Connections {
  readonly #open = new Map<string, Connection>();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async add(connection: Connection): Promise<readonly string[]> {
    this.#open.set(connection.id, connection);
    return this.#replacedBy(connection);
  }

  async find(id: string): Promise<Connection | undefined> {
    const connection = this.#open.get(id);
    return connection && this.#lives(connection) ? connection : undefined;
  }

  async authenticate(
    { id }: Connection,
    { actor, expiresAt, roles }: Identity,
  ): Promise<readonly string[] | undefined> {
    const connection = this.#open.get(id);
    if (!connection || (connection.actor && connection.actor.id !== actor.id)) return undefined;
    const { roles: _, ...rest } = connection;
    const authenticated = { ...rest, actor, tokenExpiresAt: expiresAt, ...(roles?.length ? { roles } : {}) };
    this.#open.set(id, authenticated);
    return connection.actor ? [] : this.#replacedBy(authenticated);
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

  #replacedBy({ id, actor }: Connection): string[] {
    if (!actor) return [];
    const others = [...this.#open.values()]
      .filter((other) => other.actor?.id === actor.id && other.id !== id && this.#lives(other))
      .sort((a, b) => a.connectedAt - b.connectedAt);
    const oldest = others.slice(0, Math.max(0, others.length + 1 - this.#options.maxPerPerson));
    for (const each of oldest) this.#open.delete(each.id);
    return oldest.map((each) => each.id);
  }

  #lives({ connectedAt }: Connection): boolean {
    return this.#options.now() < connectedAt + LIFETIME_MS;
  }
}

import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Connection, Connections } from '../../domain/ports/connections.ts';
import type { Identity } from '../../domain/ports/token-verifier.ts';
import type { Actor } from '../../domain/schema.generated.ts';
import { isConditionFailure, requireAll } from './failures.ts';

/** API Gateway ends a connection after 2 h. An older row was left behind because `$disconnect` was lost. */
const LIFETIME_MS = 2 * 3_600_000;
/** Rounds up to seconds, the unit of DynamoDB's TTL. */
const seconds = (ms: number) => Math.ceil(ms / 1_000);

/**
 * Keeps open connections in the State table: a row `CONN#<id>` for each connection, and a row `PERSON#<id>` for each
 * person, with the set of the ids of their connections.
 */
export class DynamoConnections implements Connections {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #maxPerPerson: number;
  readonly #now: Clock;

  constructor(db: DynamoDBDocumentClient, stateTable: string, maxPerPerson: number, now: Clock) {
    this.#db = db;
    this.#table = stateTable;
    this.#maxPerPerson = maxPerPerson;
    this.#now = now;
  }

  async add(connection: Connection): Promise<readonly string[]> {
    const { id, actor, ...rest } = connection;
    const expiresAt = seconds(connection.connectedAt + LIFETIME_MS);
    const Item = { ...connectionKey(id), connectionId: id, ...rest, actor, expiresAt };
    // Puts the row before `#claim` adds the id to the person's set, because the `#claim` of another connection may
    // remove ids that have no row.
    await this.#db.send(new PutCommand({ TableName: this.#table, Item }));
    if (!actor) return [];
    try {
      return await this.#claim(actor.id, id);
    } catch (error) {
      await this.#db.send(new DeleteCommand({ TableName: this.#table, Key: connectionKey(id) }));
      throw error;
    }
  }

  async authenticate(
    { id, actor: before }: Connection,
    { actor, expiresAt, roles = [] }: Identity,
  ): Promise<readonly string[] | undefined> {
    if (before && before.id !== actor.id) return undefined;
    try {
      await this.#db.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: connectionKey(id),
          UpdateExpression: 'SET actor = :actor, tokenExpiresAt = :expiry, #roles = :roles',
          ExpressionAttributeNames: { '#roles': 'roles' },
          // A connection never changes its person, even if two calls with different people race.
          ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(actor) OR actor.id = :id)',
          ExpressionAttributeValues: { ':actor': actor, ':expiry': expiresAt, ':roles': roles, ':id': actor.id },
        }),
      );
    } catch (error) {
      // The connection has closed, or another call has just given it a different person.
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
    // Claims even if the connection had this person before, because the `#claim` of the earlier call may have failed.
    // Adding an id to the set twice does no harm.
    return this.#claim(actor.id, id);
  }

  async remove({ id }: Pick<Connection, 'id'>): Promise<void> {
    const { Attributes } = await this.#db.send(
      new DeleteCommand({ TableName: this.#table, Key: connectionKey(id), ReturnValues: 'ALL_OLD' }),
    );
    if (Attributes?.actor) await this.#release(Attributes.actor.id, [id]);
  }

  async forget(ids: readonly string[], abortSignal: AbortSignal): Promise<void> {
    const deletions = ids.map((id) => ({ DeleteRequest: { Key: connectionKey(id) } }));
    // BatchWriteItem takes at most 25 requests. If DynamoDB leaves a row unprocessed, the next post to its connection
    // gets a 410 again, and the row is then removed.
    const batches = Array.from({ length: Math.ceil(ids.length / 25) }, (_, n) => deletions.slice(n * 25, n * 25 + 25));
    await Promise.all(
      batches.map((batch) =>
        this.#db.send(new BatchWriteCommand({ RequestItems: { [this.#table]: batch } }), { abortSignal }),
      ),
    );
  }

  async ofPerson(actorId: string): Promise<Connection[]> {
    const { Item } = await this.#db.send(
      new GetCommand({ TableName: this.#table, Key: personKey(actorId), ConsistentRead: true }),
    );
    return this.#open([...(Item?.connectionIds ?? [])]);
  }

  async *inRoom(room: string, abortSignal: AbortSignal): AsyncGenerator<readonly Connection[]> {
    const now = seconds(this.#now());
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#db.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: 'byRoom',
          KeyConditionExpression: 'room = :room',
          // Projects only what a fan-out needs, because decoding a row costs about as much as signing a post.
          ProjectionExpression: 'connectionId, tokenExpiresAt, connectedAt, expiresAt',
          ExpressionAttributeValues: { ':room': room },
          ExclusiveStartKey: start,
        }),
        { abortSignal },
      );
      // Other pages may follow an empty one.
      yield (page.Items ?? []).filter(({ expiresAt }) => expiresAt > now).map((row) => toConnection({ ...row, room }));
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /**
   * Adds the connection to the person's set. If the set is then above the cap, removes the person's oldest connections.
   * Counts the ids in the set that the update returns, because that set is exact even if several connections are added
   * at once. An index could miss the newest ones.
   * @returns the ids of the connections that this call removed
   */
  async #claim(actorId: string, id: string): Promise<readonly string[]> {
    const { Attributes } = await this.#db.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: personKey(actorId),
        UpdateExpression: 'ADD connectionIds :ids SET expiresAt = :expiry',
        ExpressionAttributeValues: { ':ids': new Set([id]), ':expiry': seconds(this.#now() + 2 * LIFETIME_MS) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const claimed: string[] = [...(Attributes?.connectionIds ?? [])];
    if (claimed.length <= this.#maxPerPerson) return [];
    const open = (await this.#open(claimed.filter((other) => other !== id))).map((other) => other.id);
    const surplus = open.slice(0, Math.max(0, open.length + 1 - this.#maxPerPerson));
    const removed = await Promise.all(surplus.map((oldest) => this.#delete(oldest)));
    // Removes from the set the ids of the removed connections, and ids whose row is gone or expired.
    const kept = new Set([id, ...open.slice(surplus.length)]);
    const gone = claimed.filter((other) => !kept.has(other));
    if (gone.length > 0) await this.#release(actorId, gone);
    return surplus.filter((_, n) => removed[n]);
  }

  /** @returns whether the row existed */
  async #delete(id: string): Promise<boolean> {
    const { Attributes } = await this.#db.send(
      new DeleteCommand({ TableName: this.#table, Key: connectionKey(id), ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  }

  async #release(actorId: string, ids: readonly string[]): Promise<void> {
    await this.#db.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: personKey(actorId),
        UpdateExpression: 'DELETE connectionIds :ids',
        ExpressionAttributeValues: { ':ids': new Set(ids) },
      }),
    );
  }

  /** @returns the open connections with these ids, oldest first */
  async #open(ids: readonly string[]): Promise<Connection[]> {
    const open: Connection[] = [];
    // BatchGetItem takes at most 100 keys.
    for (let i = 0; i < ids.length; i += 100) {
      const Keys = ids.slice(i, i + 100).map(connectionKey);
      const { Responses, UnprocessedKeys } = await this.#db.send(
        new BatchGetCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead: true } } }),
      );
      requireAll(UnprocessedKeys);
      const rows = Responses?.[this.#table] ?? [];
      open.push(...rows.filter((row) => isLive(row, this.#now())).map(toConnection));
    }
    return open.sort((a, b) => a.connectedAt - b.connectedAt || (a.id < b.id ? -1 : 1));
  }
}

export const connectionKey = (id: string) => ({ pk: `CONN#${id}`, sk: 'CONN' });
const personKey = (actorId: string) => ({ pk: `PERSON#${actorId}`, sk: 'CONNECTIONS' });

/** TTL may delete a row days after its expiry, so an expired row counts as gone. */
export function isLive({ expiresAt }: Record<string, unknown>, now: number): boolean {
  return (expiresAt as number) > seconds(now);
}

export function toConnection({
  connectionId,
  room,
  actor,
  roles,
  tokenExpiresAt,
  connectedAt,
  address,
}: Record<string, unknown>): Connection {
  return {
    id: connectionId as string,
    room: room as string,
    connectedAt: (connectedAt ?? 0) as number,
    ...(actor ? { actor: actor as Actor } : {}),
    ...((roles as string[] | undefined)?.length ? { roles: roles as string[] } : {}),
    ...(address === undefined ? {} : { address: address as string }),
    ...(tokenExpiresAt === undefined ? {} : { tokenExpiresAt: tokenExpiresAt as number }),
  };
}

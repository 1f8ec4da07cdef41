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
import { ShoutError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Connection, Connections } from '../../domain/ports/connections.ts';
import type { Identity } from '../../domain/ports/token-verifier.ts';
import type { Actor } from '../../domain/schema.generated.ts';
import { isConditionFailure } from './failures.ts';

/** API Gateway ends a connection after 2 h. An older row is one whose $disconnect never came. */
const LIFETIME_MS = 2 * 3_600_000;
/** DynamoDB's TTL deletes only by the second, and days late: readers filter by the same attribute. */
const seconds = (ms: number) => Math.ceil(ms / 1_000);

/** Open connections in the State table: `CONN#<id>` rows, and per person the set of their connection ids. */
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

  async add(connection: Connection): Promise<void> {
    const { id, actor, ...rest } = connection;
    const expiresAt = seconds(connection.connectedAt + LIFETIME_MS);
    const Item = { ...connectionKey(id), connectionId: id, ...rest, actor, expiresAt };
    // Writes the row before the id enters the set, because ids without a row are removed from the set.
    await this.#db.send(new PutCommand({ TableName: this.#table, Item }));
    if (!actor) return;
    try {
      await this.#claim(actor.id, id);
    } catch (error) {
      await this.#db.send(new DeleteCommand({ TableName: this.#table, Key: connectionKey(id) }));
      throw error;
    }
  }

  async authenticate({ id, actor: before }: Connection, identity: Identity): Promise<boolean> {
    const { actor, expiresAt, roles = [] } = identity;
    if (before && before.id !== actor.id) return false;
    if (!before) await this.#claim(actor.id, id);
    try {
      await this.#db.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: connectionKey(id),
          UpdateExpression: 'SET actor = :actor, tokenExpiresAt = :expiry, #roles = :roles',
          ExpressionAttributeNames: { '#roles': 'roles' },
          // Checked again in the condition: two renewals may race, and a connection never changes its person.
          ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(actor) OR actor.id = :id)',
          ExpressionAttributeValues: { ':actor': actor, ':expiry': expiresAt, ':roles': roles, ':id': actor.id },
        }),
      );
      return true;
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      // Another renewal was faster, or the connection closed. Do not count it as this person's.
      if (!before) await this.#release(actor.id, [id]);
      return false;
    }
  }

  async remove({ id }: Pick<Connection, 'id'>): Promise<void> {
    const { Attributes } = await this.#db.send(
      new DeleteCommand({ TableName: this.#table, Key: connectionKey(id), ReturnValues: 'ALL_OLD' }),
    );
    if (Attributes?.actor) await this.#release(Attributes.actor.id, [id]);
  }

  async forget(ids: readonly string[], abortSignal: AbortSignal): Promise<void> {
    const deletions = ids.map((id) => ({ DeleteRequest: { Key: connectionKey(id) } }));
    // BatchWriteItem takes 25 requests. Unprocessed rows are removed after their next 410.
    const batches = Array.from({ length: Math.ceil(ids.length / 25) }, (_, n) => deletions.slice(n * 25, n * 25 + 25));
    await Promise.all(
      batches.map((batch) =>
        this.#db.send(new BatchWriteCommand({ RequestItems: { [this.#table]: batch } }), { abortSignal }),
      ),
    );
  }

  async ofPerson(actorId: string): Promise<Connection[]> {
    return (await this.#claimed(actorId)).rows.map(toConnection);
  }

  /** The ids in a person's set, and the rows of those that are open. */
  async #claimed(actorId: string): Promise<{ claimed: string[]; rows: Record<string, unknown>[] }> {
    const { Item } = await this.#db.send(
      new GetCommand({ TableName: this.#table, Key: personKey(actorId), ConsistentRead: true }),
    );
    const claimed: string[] = [...(Item?.connectionIds ?? [])];
    const rows: Record<string, unknown>[] = [];
    // BatchGetItem takes 100 keys.
    for (let i = 0; i < claimed.length; i += 100) {
      const { Responses } = await this.#db.send(
        new BatchGetCommand({
          RequestItems: {
            [this.#table]: { Keys: claimed.slice(i, i + 100).map(connectionKey), ConsistentRead: true },
          },
        }),
      );
      for (const row of Responses?.[this.#table] ?? []) {
        if (isLive(row, this.#now())) rows.push(row);
      }
    }
    return { claimed, rows };
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
          // Projects the attributes that a fan-out needs, because decoding a row costs about as much as signing a post.
          ProjectionExpression: 'connectionId, tokenExpiresAt, connectedAt, expiresAt',
          ExpressionAttributeValues: { ':room': room },
          ExclusiveStartKey: start,
        }),
        { abortSignal },
      );
      // An empty page may be followed by others.
      yield (page.Items ?? []).filter(({ expiresAt }) => expiresAt > now).map((row) => toConnection({ ...row, room }));
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /** @throws ShoutError `rate_limited` if the person has the most connections allowed */
  async #claim(actorId: string, id: string): Promise<void> {
    if (await this.#tryClaim(actorId, id)) return;
    await this.#forgetClosed(actorId);
    if (await this.#tryClaim(actorId, id)) return;
    throw new ShoutError('rate_limited', `You have ${this.#maxPerPerson} connections open. Close one first.`);
  }

  /** Adds the id to the person's set if the set is below the cap, atomically. A set's size is exact; an index's count lags. */
  async #tryClaim(actorId: string, id: string): Promise<boolean> {
    try {
      await this.#db.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: personKey(actorId),
          UpdateExpression: 'ADD connectionIds :ids SET expiresAt = :expiry',
          ConditionExpression: 'attribute_not_exists(connectionIds) OR size(connectionIds) < :max',
          ExpressionAttributeValues: {
            ':ids': new Set([id]),
            ':max': this.#maxPerPerson,
            ':expiry': seconds(this.#now() + 2 * LIFETIME_MS),
          },
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
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

  /** Removes ids whose $disconnect never came, as it is best effort. */
  async #forgetClosed(actorId: string): Promise<void> {
    const { claimed, rows } = await this.#claimed(actorId);
    const open = new Set(rows.map(({ connectionId }) => connectionId));
    const closed = claimed.filter((id) => !open.has(id));
    if (closed.length > 0) await this.#release(actorId, closed);
  }
}

export const connectionKey = (id: string) => ({ pk: `CONN#${id}`, sk: 'CONN' });
const personKey = (actorId: string) => ({ pk: `PERSON#${actorId}`, sk: 'CONNECTIONS' });

/** TTL deletes rows days late, so expired rows count as gone. */
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
}: Record<string, unknown>): Connection {
  return {
    id: connectionId as string,
    room: room as string,
    connectedAt: (connectedAt ?? 0) as number,
    ...(actor ? { actor: actor as Actor } : {}),
    ...((roles as string[] | undefined)?.length ? { roles: roles as string[] } : {}),
    ...(tokenExpiresAt === undefined ? {} : { tokenExpiresAt: tokenExpiresAt as number }),
  };
}

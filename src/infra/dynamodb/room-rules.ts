import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { noRules, type Rules, type Verdict } from '../../domain/governance/rules.ts';
import { blockedWords, type IsBlocked } from '../../domain/governance/words.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Head } from '../../domain/ports/event-log.ts';
import type { InForce, RoomRules } from '../../domain/ports/room-rules.ts';
import { requireAll } from './failures.ts';
import { wordsKey } from './words.ts';

/**
 * The sort key of a room's rules in the Events table, where they are backed up with the log. No event id has this form.
 */
export const RULES_ID = 'RULES';

// `at` is a reserved word of DynamoDB, so the condition uses a placeholder.
const UNCHANGED = '#at = :at';
const NONE_YET = 'attribute_not_exists(id)';

interface Tables {
  eventsTable: string;
  stateTable: string;
}

/** Bounds memory, because a Lambda may live for hours. */
const MAX_ROOMS = 10_000;
const MAX_PREPARED = 100;

/**
 * The stored rules of rooms. If events change the rules, the transaction that numbers the events also puts the new
 * rules, and copies the rules' `at` (the number of the last event that changed them) to `rulesAt` in the room's head.
 * So rules belong to a head if the rules' `at` equals the head's `rulesAt`.
 */
export class StoredRules {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;
  /** The rules that were last read or put, by room and epoch. */
  readonly #known = new Map<string, Rules>();

  constructor(db: DynamoDBDocumentClient, eventsTable: string) {
    this.#db = db;
    this.#table = eventsTable;
  }

  /**
   * Returns the rules as of a head. If they are not known, reads the stored rules. These may be newer than the head.
   * Then the room's head has moved, so a transaction that numbers events from the old head fails.
   */
  async asOf(room: string, head: Head): Promise<Rules> {
    if (head.rulesAt === undefined) return noRules;
    const known = this.#known.get(`${room} ${head.epoch}`);
    if (known?.at === head.rulesAt) return known;
    const rules = await this.read(room);
    this.given(room, head.epoch, rules);
    return rules;
  }

  async read(room: string): Promise<Rules> {
    const { Item } = await this.#db.send(
      new GetCommand({ TableName: this.#table, Key: { room, id: RULES_ID }, ConsistentRead: true }),
    );
    return toRules(Item);
  }

  /** Remembers rules that were read or put. */
  given(room: string, epoch: string, rules: Rules): void {
    if (this.#known.size >= MAX_ROOMS) this.#known.clear();
    this.#known.set(`${room} ${epoch}`, rules);
  }

  /** Returns the items that the numbering transaction adds to change the rules; none if the verdict changes no rule. */
  put(room: string, { before, after }: Verdict): NonNullable<TransactWriteCommandInput['TransactItems']> {
    if (before === after) return [];
    const Put = {
      TableName: this.#table,
      Item: { room, id: RULES_ID, ...after },
      ...(before.at === 0
        ? { ConditionExpression: NONE_YET }
        : {
            ConditionExpression: UNCHANGED,
            ExpressionAttributeNames: { '#at': 'at' },
            ExpressionAttributeValues: { ':at': before.at },
          }),
    };
    return [{ Put }];
  }
}

const FRESH_MS = 1_000;

/**
 * The rules and blocked words of rooms, cached for a second. Commands are checked against both, readers only against
 * the rules. Callers that ask at the same time share one request.
 */
export class CachedRoomRules implements RoomRules {
  readonly #db: DynamoDBDocumentClient;
  readonly #tables: Tables;
  readonly #now: Clock;
  readonly #read = new Map<string, { at: number; inForce: Promise<InForce> }>();
  /** By room, the word list that was last prepared for matching. */
  readonly #prepared = new Map<string, { words: string; isBlocked: IsBlocked }>();

  constructor(db: DynamoDBDocumentClient, tables: Tables, now: Clock) {
    this.#db = db;
    this.#tables = tables;
    this.#now = now;
  }

  current(room: string, maxAgeMs = FRESH_MS): Promise<InForce> {
    const now = this.#now();
    const known = this.#read.get(room);
    // `known.at > now` means that the clock was set back. The rules are then read again.
    if (known && known.at <= now && now < known.at + maxAgeMs) return known.inForce;
    const inForce = this.#request(room);
    if (this.#read.size >= MAX_ROOMS) this.#read.clear();
    this.#read.set(room, { at: now, inForce });
    inForce.catch(() => this.#read.delete(room));
    return inForce;
  }

  async #request(room: string): Promise<InForce> {
    const { eventsTable, stateTable } = this.#tables;
    const { Responses = {}, UnprocessedKeys } = await this.#db.send(
      new BatchGetCommand({
        RequestItems: {
          [eventsTable]: { Keys: [{ room, id: RULES_ID }], ConsistentRead: true },
          [stateTable]: { Keys: [wordsKey(room)], ConsistentRead: true },
        },
      }),
    );
    // Throws if a row was not read. Otherwise the room would seem to have no rules, or no blocked words.
    requireAll(UnprocessedKeys);
    const [rules] = Responses[eventsTable] ?? [];
    const words = Responses[stateTable]?.[0]?.words as string[] | undefined;
    return { rules: toRules(rules), ...(words?.length ? { isBlocked: await this.#prepare(room, words) } : {}) };
  }

  async #prepare(room: string, words: readonly string[]): Promise<IsBlocked> {
    const all = JSON.stringify(words);
    const known = this.#prepared.get(room);
    if (known?.words === all) return known.isBlocked;
    // Loads the table of confusable characters on demand, because it is large and few rooms have blocked words.
    const { skeletonOf } = await import('../identity/skeleton.ts');
    const isBlocked = blockedWords(words, skeletonOf);
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear();
    this.#prepared.set(room, { words: all, isBlocked });
    return isBlocked;
  }
}

function toRules(item: Record<string, unknown> | undefined): Rules {
  if (!item) return noRules;
  const { room: _room, id: _id, ...rules } = item;
  return { ...noRules, ...rules } as Rules;
}

import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Resource } from '../../../local/tables.ts';
import { type Item, meets, type Placeholders, projected, updated } from './expressions.ts';
import { firstAtOrAfter, Table } from './table.ts';

export interface Change {
  table: string;
  before: Item | undefined;
  after: Item | undefined;
}

interface Options {
  /** Returns whether the index hides this change until `catchUp` is called. */
  lags?: (index: string, change: Change) => boolean;
  /** Called for each change of a table that has a stream, in order. */
  changed?: (change: Change) => void;
  /** Maximum number of items on a page of a Query or Scan whose request names no limit. */
  pageItems?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: each command has an input of another type
type Input = any;

/**
 * DynamoDB's data plane in memory, as far as the adapters use it: conditional writes, all-or-nothing transactions and
 * indexes that lag item by item. Each request is atomic. Items are frozen, so code that changes an item it has read
 * fails at once. Only a `Set` in an item can be changed, because freezing does not protect its members.
 */
export class InMemoryDynamoDB {
  readonly tables: ReadonlyMap<string, Table>;
  readonly options: Options;

  constructor(tables: Iterable<Table>, options: Options = {}) {
    this.tables = new Map([...tables].map((table) => [table.name, table]));
    this.options = options;
  }

  static from(resources: Readonly<Record<string, Resource>>, options: Options = {}): InMemoryDynamoDB {
    const tables = Object.values(resources).filter(({ Type }) => Type === 'AWS::DynamoDB::Table');
    return new InMemoryDynamoDB(tables.map(Table.from), options);
  }

  copy(options = this.options): InMemoryDynamoDB {
    return new InMemoryDynamoDB(
      [...this.tables.values()].map((table) => table.copy()),
      options,
    );
  }

  /** @throws the SDK's exceptions for failed conditions; Error if a request is invalid or not implemented */
  execute(command: string, input: Input): object {
    const operation = operations[command];
    if (!operation) throw new Error(`${command} is not implemented in memory.`);
    return operation(this, input);
  }

  table(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw new Error(`There is no table ${name}.`);
    return table;
  }

  write(table: Table, key: Item, after: Item | undefined): void {
    const change = { table: table.name, before: table.get(key), after: after && frozen(after) };
    table.write(key, change.after, (index) => this.options.lags?.(index, change) ?? false);
    if (table.streamed) this.options.changed?.(change);
  }
}

type Operation = (db: InMemoryDynamoDB, input: Input) => object;

/** The fields that each write can have, alone or in a transaction. */
type Write = Placeholders & {
  TableName: string;
  ConditionExpression?: string;
  ReturnValuesOnConditionCheckFailure?: string;
};

const operations: Record<string, Operation> = {
  GetCommand(db, { TableName, Key, ProjectionExpression, ...names }) {
    const found = db.table(TableName).get(Key);
    return found ? { Item: projected(ProjectionExpression, found, names) } : {};
  },

  PutCommand: (db, input) => alone(db, input, input.Item, () => input.Item),

  UpdateCommand: (db, input) =>
    alone(db, input, input.Key, (before) => updated(input.UpdateExpression, before ?? input.Key, input)),

  DeleteCommand: (db, input) => alone(db, input, input.Key, () => undefined),

  TransactWriteCommand(db, { TransactItems }) {
    const writes = (TransactItems as Record<string, Input>[]).map((item) => {
      const [kind, write] = Object.entries(item)[0]!;
      return { kind, write, key: write.Key ?? write.Item };
    });
    if (writes.length > 100) throw new Error('A transaction takes at most 100 items.');
    const keys = writes.map(({ write, key }) => `${write.TableName}\n${db.table(write.TableName).keyOf(key)}`);
    if (new Set(keys).size < keys.length) throw new Error('A transaction names an item at most once.');
    const reasons = writes.map(({ write, key }) => {
      const before = db.table(write.TableName).get(key);
      return meets(write.ConditionExpression, before, write) ? { Code: 'None' } : failure(write, before);
    });
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
    for (const { kind, write, key } of writes) {
      const table = db.table(write.TableName);
      if (kind === 'Put') db.write(table, key, write.Item);
      if (kind === 'Update') db.write(table, key, updated(write.UpdateExpression, table.get(key) ?? key, write));
      if (kind === 'Delete') db.write(table, key, undefined);
    }
    return {};
  },

  BatchGetCommand(db, { RequestItems }) {
    const found = Object.entries(RequestItems as Record<string, { Keys: Item[] }>).map(([name, { Keys }]) => {
      if (Keys.length > 100) throw new Error('BatchGetItem takes at most 100 keys.');
      return [name, Keys.flatMap((key) => db.table(name).get(key) ?? [])];
    });
    return { Responses: Object.fromEntries(found) };
  },

  BatchWriteCommand(db, { RequestItems }) {
    for (const [name, requests] of Object.entries(RequestItems as Record<string, Input[]>)) {
      if (requests.length > 25) throw new Error('BatchWriteItem takes at most 25 requests.');
      for (const { PutRequest, DeleteRequest } of requests) {
        if (PutRequest) db.write(db.table(name), PutRequest.Item, PutRequest.Item);
        else db.write(db.table(name), DeleteRequest.Key, undefined);
      }
    }
    return {};
  },

  QueryCommand(db, input) {
    const { TableName, IndexName, KeyConditionExpression, ExpressionAttributeValues, ScanIndexForward } = input;
    const table = db.table(TableName);
    const index = IndexName === undefined ? undefined : table.indexes.get(IndexName)!;
    if (index && input.ConsistentRead) throw new Error('A consistent read of an index does not exist.');
    const [hash, range] = index?.keys ?? table.keys;
    const hashValue = ExpressionAttributeValues[comparisonOf(hash, '=', KeyConditionExpression)![2]!];
    const items = index
      ? index.partition(hashValue)
      : [...table.items].filter((item) => item[hash] === hashValue).sort((a, b) => (a[range]! < b[range]! ? -1 : 1));
    const descending = ScanIndexForward === false;
    return page(db, input, inRange(items, range, input, descending), (item) =>
      meets(KeyConditionExpression, item, input),
    );
  },

  ScanCommand(db, input) {
    const table = db.table(input.TableName);
    // Sorts, so that the items of a partition are adjacent, as in a scan by DynamoDB.
    const items = [...table.items].sort((a, b) => (table.keyOf(a) < table.keyOf(b) ? -1 : 1));
    return page(db, input, items, () => true);
  },
};

/** Makes a single write if its condition holds. Returns the old or new item if the request asks for that. */
function alone(db: InMemoryDynamoDB, input: Input, key: Item, change: (before?: Item) => Item | undefined): object {
  const table = db.table(input.TableName);
  const before = table.get(key);
  if (!meets(input.ConditionExpression, before, input)) {
    const { Item } = failure(input, before);
    throw new ConditionalCheckFailedException({
      $metadata: {},
      message: 'The conditional request failed',
      ...(Item && { Item }),
    });
  }
  const after = change(before);
  db.write(table, key, after);
  const Attributes = { ALL_OLD: before, ALL_NEW: after }[input.ReturnValues as string];
  return Attributes ? { Attributes } : {};
}

function failure({ ReturnValuesOnConditionCheckFailure }: Write, before: Item | undefined) {
  const Code = 'ConditionalCheckFailed';
  // An exception carries its item in wire format, because the document client does not unmarshall it.
  return before && ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? { Code, Item: marshall(before) } : { Code };
}

export function cancelled(CancellationReasons: readonly { Code: string }[]): TransactionCanceledException {
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return new TransactionCanceledException({
    $metadata: {},
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons: [...CancellationReasons],
  });
}

const comparisons = new Map<string, RegExpExecArray | null>();

/** Finds the comparison of a key in an expression. The match has the operator at 1 and the value's placeholder at 2. */
function comparisonOf(key: string, operators: string, expression: string): RegExpExecArray | null {
  const known = comparisons.get(`${key} ${operators} ${expression}`);
  if (known !== undefined) return known;
  const found = new RegExp(`\\b${key} (${operators}) (:\\w+)`).exec(expression);
  comparisons.set(`${key} ${operators} ${expression}`, found);
  return found;
}

/** Matches a key condition that restricts the range key by one bound at most. */
const BOUNDED = /^\w+ = :\w+( AND \w+ (<=?|>=?) :\w+)?$/;

/**
 * Returns the items that can be on the page; `page` checks each of them. A binary search finds the bound on the range
 * key, and the first page of a request with a limit gets only the few items that it needs. So a large index is about as
 * fast as a small one.
 */
function inRange(items: readonly Item[], range: string, input: Input, descending: boolean): Item[] {
  const bound = comparisonOf(range, '<=?|>=?', input.KeyConditionExpression);
  const isPage = input.Limit !== undefined && BOUNDED.test(input.KeyConditionExpression);
  const wanted = isPage ? input.Limit + 2 : items.length;
  let from = 0;
  let to = items.length;
  if (bound) {
    const at = firstAtOrAfter(items, range, input.ExpressionAttributeValues[bound[2]!]);
    if (bound[1]!.startsWith('<')) to = Math.min(to, at + 1);
    else from = at;
  }
  // A page that continues after a key needs all items within the bound, because that key can be anywhere among them.
  if (input.ExclusiveStartKey) return descending ? items.slice(from, to).reverse() : items.slice(from, to);
  return descending
    ? items.slice(Math.max(from, to - wanted), to).reverse()
    : items.slice(from, Math.min(to, from + wanted));
}

function page(db: InMemoryDynamoDB, input: Input, items: readonly Item[], isWanted: (item: Item) => boolean): object {
  const table = db.table(input.TableName);
  const limit: number = input.Limit ?? db.options.pageItems ?? 1_000;
  const start: Item | undefined = input.ExclusiveStartKey;
  const begin = start ? after(items, start, table) : 0;
  const found: Item[] = [];
  let last: Item | undefined;
  for (let i = begin; i < items.length; i++) {
    const item = items[i]!;
    if (!isWanted(item)) continue;
    if (found.length === limit) {
      last = found.at(-1);
      break;
    }
    found.push(item);
  }
  const kept = found.filter((item) => meets(input.FilterExpression, item, input));
  return {
    Items: kept.map((item) => projected(input.ProjectionExpression, item, input)),
    ...(last && { LastEvaluatedKey: last }),
  };
}

/**
 * Returns the position in `items` at which the page after `start` begins.
 * @throws Error if `start` no longer exists and the items are not ascending by primary key
 */
function after(items: readonly Item[], start: Item, table: Table): number {
  const primary = table.keyOf(start);
  const found = items.findIndex((item) => table.keyOf(item) === primary);
  if (found !== -1) return found + 1;
  const next = items.findIndex((item) => table.keyOf(item) > primary);
  const inOrder = items.every((item, index) => index === 0 || table.keyOf(items[index - 1]!) < table.keyOf(item));
  if (inOrder) return next === -1 ? items.length : next;
  throw new Error('Going on from an item that is gone is not implemented in memory.');
}

/** Returns a frozen copy without undefined values, because the document client omits them. */
function frozen<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map(frozen)) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Set) return Object.freeze(new Set(value)) as T;
  if (Object.isFrozen(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) if (inner !== undefined) copy[name] = frozen(inner);
  return Object.freeze(copy) as T;
}

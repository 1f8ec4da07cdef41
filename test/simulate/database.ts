import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Random } from '../faults/random.ts';
import { inMemoryClient } from '../in-memory/dynamodb/client.ts';
import { type Change, InMemoryDynamoDB } from '../in-memory/dynamodb/engine.ts';
import { tableResources } from '../tables.ts';
import { Interventions } from './interventions.ts';
import { onBehalf } from './lambda.ts';
import type { VirtualTime } from './time.ts';
import type { Trace } from './trace.ts';

/** A request: the operation's name (`PutItem`, `TransactWriteItems` …) and its input. */
export interface DatabaseCall {
  operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: the operation decides the type of the input
  input: any;
}

/** The connection broke without an answer. */
export class Reset extends Error {
  override name = 'ECONNRESET';
}

/** The settings of the client in src/infra/dynamodb/client.ts. */
const REQUEST_TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 4;

/** Errors after which the SDK's standard retry mode tries again (AWS SDKs and Tools guide, "Retry behavior"). */
const RETRIED: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'TimeoutError',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionInProgressException',
]);

const OPERATIONS: Record<string, string> = {
  GetCommand: 'GetItem',
  PutCommand: 'PutItem',
  UpdateCommand: 'UpdateItem',
  DeleteCommand: 'DeleteItem',
  QueryCommand: 'Query',
  ScanCommand: 'Scan',
  TransactWriteCommand: 'TransactWriteItems',
  BatchGetCommand: 'BatchGetItem',
  BatchWriteCommand: 'BatchWriteItem',
};

export function failure(name: string): Error {
  return Object.assign(new Error(`${name} by a fault`), { name });
}

/** Returns the error of a transaction that was cancelled because of its first item. */
export function cancelled({ input }: DatabaseCall, Code: string): TransactionCanceledException {
  const reasons = (input.TransactItems as unknown[]).map((_, index) => ({ Code: index === 0 ? Code : 'None' }));
  return new TransactionCanceledException({ $metadata: {}, message: Code, CancellationReasons: reasons });
}

/** DynamoDB behind a network. The client retries as the SDK does. Each item reaches an index with its own delay. */
export class Database {
  readonly interventions = new Interventions<DatabaseCall, object>();
  readonly engine: InMemoryDynamoDB;
  readonly client: DynamoDBDocumentClient;
  /** Maximum lags of the indexes, ms: 60, and one for each {@link lag} that has not ended. The largest counts. */
  readonly #lags = [60];
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #trace: Trace;

  constructor(time: VirtualTime, random: Random, trace: Trace, changed: (change: Change) => void) {
    this.#time = time;
    this.#random = random;
    this.#trace = trace;
    this.engine = InMemoryDynamoDB.from(tableResources(), {
      changed,
      lags: (index, change) => this.#lag(index, change),
    });
    this.client = inMemoryClient(
      () => this.engine,
      (command, input, execute) => onBehalf(() => this.#send({ operation: OPERATIONS[command]!, input }, execute)),
    );
  }

  /** Whether every index is up to date. */
  get settled(): boolean {
    const indexes = [...this.engine.tables.values()].flatMap((table) => [...table.indexes.values()]);
    return indexes.every(({ behind }) => behind.size === 0);
  }

  /** Makes indexes lag by up to `ms`. @returns a function that ends this lag for later changes */
  lag(ms: number): () => void {
    this.#lags.push(ms);
    return () => this.#lags.splice(this.#lags.indexOf(ms), 1);
  }

  /** Brings every index up to date. */
  settle(): void {
    for (const table of this.engine.tables.values()) for (const index of table.indexes.values()) index.catchUp();
  }

  async #send(call: DatabaseCall, execute: () => object): Promise<object> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(call, execute);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !RETRIED.has((error as Error).name)) throw error;
        await this.#time.sleep(this.#random.next() * Math.min(20_000, 100 * 2 ** attempt));
      }
    }
  }

  /** Makes one attempt. After its time-out, the request may still be executed. */
  #attempt(call: DatabaseCall, execute: () => object): Promise<object> {
    return new Promise((resolve, reject) => {
      const cancel = this.#time.after(REQUEST_TIMEOUT_MS, () => reject(failure('TimeoutError')));
      this.#exchange(call, execute).then(resolve, reject).finally(cancel);
    });
  }

  async #exchange(call: DatabaseCall, execute: () => object): Promise<object> {
    await this.#time.sleep(this.#random.between(0.5, 4));
    const answer = await this.interventions.run(call, async (next) => this.#execute(next, call, execute));
    await this.#time.sleep(this.#random.between(0.5, 4));
    return answer;
  }

  #execute(next: DatabaseCall, asked: DatabaseCall, execute: () => object): object {
    const named = `${next.operation} ${keysOf(next)}`;
    try {
      const answer = next === asked ? execute() : this.engine.execute(commandOf(next.operation), next.input);
      this.#trace.add('db', named);
      return answer;
    } catch (error) {
      this.#trace.add('db', `${named}: ${(error as Error).name}`);
      throw error;
    }
  }

  #lag(name: string, change: Change): boolean {
    const table = this.engine.table(change.table);
    const index = table.indexes.get(name)!;
    const item = change.after ?? change.before;
    if (!item) return false;
    const key = table.keyOf(item);
    if (!index.behind.has(key))
      this.#time.after(this.#random.between(1, Math.max(...this.#lags)), () => index.catchUp(key));
    return true;
  }
}

function commandOf(operation: string): string {
  return Object.entries(OPERATIONS).find(([, name]) => name === operation)![0];
}

function keysOf({ input }: DatabaseCall): string {
  const { Key, Item, TransactItems, ExpressionAttributeValues } = input;
  if (TransactItems) {
    const parts = TransactItems as Record<
      string,
      { Key?: object; Item?: object; ExpressionAttributeValues?: object }
    >[];
    return parts
      .map((part) => Object.values(part)[0]!)
      .map(({ Key, Item, ExpressionAttributeValues }) => JSON.stringify([Key ?? Item, ExpressionAttributeValues]))
      .join(' ');
  }
  return JSON.stringify([Key ?? Item, ExpressionAttributeValues]);
}

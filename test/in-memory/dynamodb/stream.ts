import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from './engine.ts';

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

/** Too long for a double, as the real ones are. */
const FIRST_SEQUENCE_NUMBER = 10n ** 20n;

/** The stream's record of a change, as Lambda gets it. */
export function recordOf({ before, after }: Change, sequenceNumber: number): DynamoDBRecord {
  return {
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    dynamodb: {
      SequenceNumber: String(FIRST_SEQUENCE_NUMBER + BigInt(sequenceNumber)),
      ...(after && { NewImage: marshall(after) as Image }),
    },
  };
}

/** What a consumer may be given: at least once, and in order per item only. */
export class InMemoryStream {
  readonly #waiting: { item: string; record: DynamoDBRecord }[] = [];
  readonly #itemOf: (change: Change) => string;
  /** In [0, 1). */
  readonly #random: () => number;
  #written = 0;

  constructor(itemOf: (change: Change) => string, random: () => number) {
    this.#itemOf = itemOf;
    this.#random = random;
  }

  get length(): number {
    return this.#waiting.length;
  }

  add(change: Change): void {
    this.#waiting.push({ item: this.#itemOf(change), record: recordOf(change, ++this.#written) });
  }

  /** Takes up to `limit` records: any of those before which no record of the same item waits. */
  take(limit: number): DynamoDBRecord[] {
    const taken: DynamoDBRecord[] = [];
    while (taken.length < limit && this.#waiting.length > 0) {
      const { item } = this.#waiting[Math.floor(this.#random() * this.#waiting.length)]!;
      const first = this.#waiting.findIndex((other) => other.item === item);
      taken.push(this.#waiting.splice(first, 1)[0]!.record);
    }
    return taken;
  }

  /** Gives records back: what a consumer failed to serve comes again, and what it served may. */
  giveBack(records: readonly DynamoDBRecord[], itemOf: (record: DynamoDBRecord) => string): void {
    this.#waiting.unshift(...records.map((record) => ({ item: itemOf(record), record })));
  }
}

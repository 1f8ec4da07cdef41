import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from './engine.ts';

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

/** Sequence numbers above this have more digits than a JavaScript number holds exactly, like real ones. */
const FIRST_SEQUENCE_NUMBER = 10n ** 20n;

/** Returns a change as a stream record in Lambda's format, without the fields that no test needs. */
export function recordOf({ before, after }: Change, sequenceNumber: number): DynamoDBRecord {
  return {
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    dynamodb: {
      SequenceNumber: String(FIRST_SEQUENCE_NUMBER + BigInt(sequenceNumber)),
      ...(after && { NewImage: marshall(after) as Image }),
    },
  };
}

/** A stream that delivers records at least once, and in order per item only. */
export class InMemoryStream {
  readonly #waiting: { item: string; record: DynamoDBRecord }[] = [];
  readonly #itemOf: (change: Change) => string;
  /** Returns a number in [0, 1). */
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

  /** Takes up to `limit` records of random items. The records of each item come in order. */
  take(limit: number): DynamoDBRecord[] {
    const taken: DynamoDBRecord[] = [];
    while (taken.length < limit && this.#waiting.length > 0) {
      const { item } = this.#waiting[Math.floor(this.#random() * this.#waiting.length)]!;
      const first = this.#waiting.findIndex((other) => other.item === item);
      taken.push(this.#waiting.splice(first, 1)[0]!.record);
    }
    return taken;
  }

  /**
   * Puts records back, to be delivered again. They may be records that the consumer has handled already, because a real
   * stream may deliver a record twice.
   */
  giveBack(records: readonly DynamoDBRecord[], itemOf: (record: DynamoDBRecord) => string): void {
    this.#waiting.unshift(...records.map((record) => ({ item: itemOf(record), record })));
  }
}

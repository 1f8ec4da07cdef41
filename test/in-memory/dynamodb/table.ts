import type { Resource } from '../../../local/tables.ts';
import type { Item } from './expressions.ts';

type Keys = readonly [hash: string, range: string];

/** A table with its items and its indexes. An index may lag: see {@link Index}. */
export class Table {
  readonly name: string;
  readonly keys: Keys;
  readonly indexes: ReadonlyMap<string, Index>;
  readonly streamed: boolean;
  readonly #items = new Map<string, Item>();

  constructor(name: string, keys: Keys, indexes: ReadonlyMap<string, Index>, streamed: boolean) {
    this.name = name;
    this.keys = keys;
    this.indexes = indexes;
    this.streamed = streamed;
  }

  /** Creates an empty table from its CloudFormation resource. */
  static from({ Properties }: Resource): Table {
    const indexes = (Properties.GlobalSecondaryIndexes ?? []) as { IndexName: string; KeySchema: KeySchema }[];
    const named = indexes.map(({ IndexName, KeySchema }) => [IndexName, new Index(keysOf(KeySchema))] as const);
    const keys = keysOf(Properties.KeySchema as KeySchema);
    return new Table(Properties.TableName!, keys, new Map(named), Properties.StreamSpecification !== undefined);
  }

  get items(): Iterable<Item> {
    return this.#items.values();
  }

  keyOf(item: Item): string {
    const [hash, range] = this.keys;
    return `${item[hash]}\n${item[range]}`;
  }

  get(key: Item): Item | undefined {
    return this.#items.get(this.keyOf(key));
  }

  /** @param lags returns whether an index shows this change only after its `catchUp` */
  write(key: Item, item: Item | undefined, lags: (index: string) => boolean): void {
    const primary = this.keyOf(key);
    if (item) this.#items.set(primary, item);
    else this.#items.delete(primary);
    for (const [name, index] of this.indexes) index.write(primary, item, lags(name));
  }

  copy(): Table {
    const indexes = new Map([...this.indexes].map(([name, index]) => [name, index.copy()]));
    const copy = new Table(this.name, this.keys, indexes, this.streamed);
    for (const [key, item] of this.#items) copy.#items.set(key, item);
    return copy;
  }
}

/**
 * A global secondary index: sparse, sorted by its range key, and eventually consistent. It may miss one item and show a
 * later one already, because items reach it independently.
 */
export class Index {
  readonly keys: Keys;
  /** Newest versions that the index does not show yet, by primary key; undefined for a deleted item. */
  readonly behind = new Map<string, Item | undefined>();
  readonly #indexed = new Map<string, Item>();
  readonly #partitions = new Map<unknown, Item[]>();

  constructor(keys: Keys) {
    this.keys = keys;
  }

  write(primary: string, item: Item | undefined, lags: boolean): void {
    if (lags || this.behind.has(primary)) this.behind.set(primary, item);
    else this.#show(primary, item);
  }

  /** Shows the newest version of one item, or of all. */
  catchUp(only?: string): void {
    for (const [primary, item] of [...this.behind]) {
      if (only !== undefined && primary !== only) continue;
      this.behind.delete(primary);
      this.#show(primary, item);
    }
  }

  /** Returns the items of a partition, ascending by the range key. */
  partition(hash: unknown): readonly Item[] {
    return this.#partitions.get(hash) ?? [];
  }

  /** Returns the version of an item that the index shows. */
  shown(primary: string): Item | undefined {
    return this.#indexed.get(primary);
  }

  copy(): Index {
    const copy = new Index(this.keys);
    for (const [primary, item] of this.behind) copy.behind.set(primary, item);
    for (const [primary, item] of this.#indexed) copy.#indexed.set(primary, item);
    for (const [hash, items] of this.#partitions) copy.#partitions.set(hash, [...items]);
    return copy;
  }

  #show(primary: string, item: Item | undefined): void {
    const [hash, range] = this.keys;
    const old = this.#indexed.get(primary);
    if (old) {
      const items = this.#partitions.get(old[hash])!;
      items.splice(items.indexOf(old, firstAtOrAfter(items, range, old[range])), 1);
    }
    this.#indexed.delete(primary);
    if (item?.[hash] === undefined || item[range] === undefined) return;
    this.#indexed.set(primary, item);
    const items = this.#partitions.get(item[hash]) ?? [];
    this.#partitions.set(item[hash], items);
    items.splice(firstAtOrAfter(items, range, item[range]), 0, item);
  }
}

/** Returns the position of the first item whose range key is not below `value`. */
export function firstAtOrAfter(items: readonly Item[], range: string, value: unknown): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]![range] as number) < (value as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

type KeySchema = { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];

function keysOf(schema: KeySchema): Keys {
  const named = (type: string) => schema.find(({ KeyType }) => KeyType === type)!.AttributeName;
  return [named('HASH'), named('RANGE')];
}

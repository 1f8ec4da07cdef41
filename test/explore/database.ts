import { type Change, InMemoryDynamoDB } from '../in-memory/dynamodb/engine.ts';
import type { Item } from '../in-memory/dynamodb/expressions.ts';
import { EVENTS_TABLE, STATE_TABLE, tableResources } from '../tables.ts';
import { Interner, keyOf } from './search/interner.ts';
import type { Processes, Request } from './search/process.ts';
import { Broken } from './search/search.ts';

export const ROOM = 'lobby';
const HEAD_KEY = { pk: `ROOM#${ROOM}`, sk: 'HEAD' };

/** What a request or another change does to one version of the database. Each distinct state is a version. */
export interface Outcome {
  /** Number of the version after the request or change. */
  db: number;
  answer: number;
  /** How many of the changed items the index `bySeq` could show late. */
  laggable: number;
  /** Changes that created an item, such as appended events. */
  inserted: readonly Change[];
  broken: Broken | undefined;
}

/** The parts of one version that the invariants check. */
export interface Facts {
  events: ReadonlyMap<string, Item>;
  numbers: ReadonlyMap<number, Item>;
  head: { epoch: string; seq: number } | undefined;
  /** Keys of items whose last change the index does not show yet. */
  behind: readonly string[];
}

/**
 * Holds each distinct state of the database that the search has reached, as a version with a number. Also holds the
 * outcomes of the requests and changes in each version, so that none is executed twice.
 */
export class Database {
  readonly #versions = new Interner<InMemoryDynamoDB>();
  readonly #facts: Facts[] = [];
  readonly #requests: Map<number, Outcome>[] = [];
  readonly #outcomes = new Map<string, Outcome>();
  readonly #processes: Processes;

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  /** @param given the initial items */
  start(given: readonly { table: string; item: Item }[]): number {
    const db = InMemoryDynamoDB.from(tableResources());
    for (const { table, item } of given) db.write(db.table(table), item, item);
    return this.#intern(db);
  }

  /**
   * Executes a request in version `db`, or returns the outcome of an earlier execution.
   * @param lag has a bit for each item that `laggable` counts; if it is set, the index shows that item late
   */
  request(db: number, request: number, lag = 0): Outcome {
    this.#requests[db] ??= new Map();
    const known = this.#requests[db];
    let outcome = known.get(request * 64 + lag);
    if (!outcome) {
      outcome = this.#execute(db, this.#processes.requests.at(request), lag);
      known.set(request * 64 + lag, outcome);
    }
    return outcome;
  }

  /** Deletes the row of the room's head. */
  loseHead(db: number): number {
    return this.#once(`${db} loses its head`, () =>
      this.#change(db, (copy) => copy.write(copy.table(STATE_TABLE), HEAD_KEY, undefined)),
    ).db;
  }

  /** Lets the index show the last change of one item, or of all items. */
  catchUp(db: number, item?: string): number {
    return this.#once(`${db} catches up ${item}`, () => this.#change(db, (copy) => indexOf(copy).catchUp(item))).db;
  }

  write(db: number, item: Item): number {
    const change = (copy: InMemoryDynamoDB) => copy.write(copy.table(STATE_TABLE), item, item);
    return this.#once(`${db} writes ${keyOf(item)}`, () => this.#change(db, change)).db;
  }

  erase(db: number, key: Item): number {
    const change = (copy: InMemoryDynamoDB) => copy.write(copy.table(STATE_TABLE), key, undefined);
    return this.#once(`${db} erases ${keyOf(key)}`, () => this.#change(db, change)).db;
  }

  facts(db: number): Facts {
    this.#facts[db] ??= factsOf(this.#versions.at(db));
    return this.#facts[db];
  }

  get size(): number {
    return this.#versions.size;
  }

  #once(key: string, make: () => Outcome): Outcome {
    let outcome = this.#outcomes.get(key);
    if (!outcome) {
      outcome = make();
      this.#outcomes.set(key, outcome);
    }
    return outcome;
  }

  #execute(db: number, { command, input }: Request, lag: number): Outcome {
    let laggable = 0;
    const inserted: Change[] = [];
    const copy = this.#versions.at(db).copy({
      lags: (index, { before, after }) =>
        index === 'bySeq' && (before?.seq ?? after?.seq) !== undefined && ((lag >> laggable++) & 1) === 1,
      changed: (change) => {
        if (!change.before) inserted.push(change);
      },
    });
    const answer = this.#answer(() => copy.execute(command as string, input as object));
    return { ...this.#changed(db, copy), answer, laggable, inserted };
  }

  #answer(execute: () => object): number {
    try {
      return this.#processes.value(deepFrozen(execute()));
    } catch (error) {
      const { name, message } = error as Error;
      const detail = keyOf([
        (error as { Item?: unknown }).Item,
        (error as { CancellationReasons?: unknown }).CancellationReasons,
      ]);
      return this.#processes.failure(error, `${name} ${message} ${detail}`);
    }
  }

  #change(db: number, change: (copy: InMemoryDynamoDB) => void): Outcome {
    const copy = this.#versions.at(db).copy({});
    change(copy);
    return { ...this.#changed(db, copy), answer: -1, laggable: 0, inserted: [] };
  }

  #changed(before: number, copy: InMemoryDynamoDB): { db: number; broken: Broken | undefined } {
    const db = this.#intern(copy);
    return { db, broken: db === before ? undefined : brokenBy(this.facts(before), this.facts(db)) };
  }

  #intern(db: InMemoryDynamoDB): number {
    return this.#versions.id(versionOf(db), () => db);
  }
}

function indexOf(db: InMemoryDynamoDB) {
  return db.table(EVENTS_TABLE).indexes.get('bySeq')!;
}

function versionOf(db: InMemoryDynamoDB): string {
  const items = [...db.tables.values()].flatMap(({ items }) => [...items].map(jsonOf)).sort();
  const index = indexOf(db);
  const behind = [...index.behind.keys()].sort().map((key) => [key, index.shown(key)]);
  return `${items.join()}${behind.length > 0 ? keyOf(behind) : ''}`;
}

const json = new WeakMap<Item, string>();

/** Returns an item as JSON. Items are frozen and shared by versions, so each is serialized only once. */
function jsonOf(item: Item): string {
  let found = json.get(item);
  if (found === undefined) {
    found = keyOf(Object.entries(item).sort());
    json.set(item, found);
  }
  return found;
}

function factsOf(db: InMemoryDynamoDB): Facts {
  const items = [...db.table(EVENTS_TABLE).items].filter(({ type }) => type !== undefined);
  const numbered = items.filter(({ seq }) => seq !== undefined);
  return {
    events: new Map(items.map((item) => [item.id as string, item])),
    numbers: new Map(numbered.map((item) => [item.seq as number, item])),
    head: db.table(STATE_TABLE).get(HEAD_KEY) as Facts['head'],
    behind: [...indexOf(db).behind.keys()],
  };
}

/**
 * Checks one change of the log (docs/guarantees.md): no event is gone (I1), no number has changed (I2), and no two
 * events have the same number (I3).
 */
function brokenBy(before: Facts, after: Facts): Broken | undefined {
  for (const [id, item] of before.events) {
    const now = after.events.get(id);
    if (!now) return new Broken('I1', `${nameOf(id)} was in the log and is gone.`);
    if (item.seq !== undefined && item.seq !== now.seq) {
      return new Broken('I2', `${nameOf(id)} had number ${item.seq} and now has ${now.seq}.`);
    }
  }
  const numbered = [...after.events.values()].filter(({ seq }) => seq !== undefined);
  if (after.numbers.size < numbered.length) {
    const twice = numbered.find(({ seq, id }) => after.numbers.get(seq as number)?.id !== id)!;
    const other = after.numbers.get(twice.seq as number)!;
    return new Broken('I3', `Number ${twice.seq} is given to both ${nameOf(twice.id)} and ${nameOf(other.id)}.`);
  }
  return undefined;
}

/** Returns an event's id without its author: the short name of the event in traces and violations. */
export function nameOf(id: unknown): string {
  return String(id).split(':')[1] ?? String(id);
}

function deepFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && !Object.isFrozen(inner)) deepFrozen(inner);
  }
  return Object.freeze(value);
}

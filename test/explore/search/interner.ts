/** Numbers distinct values from 0, so that a state of the search can be stored as an array of numbers. */
export class Interner<T> {
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];

  /** @param key values with the same key count as equal */
  id(key: string, make: () => T): number {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#values.length;
      this.#ids.set(key, id);
      this.#values.push(make());
    }
    return id;
  }

  at(id: number): T {
    return this.#values[id]!;
  }

  get size(): number {
    return this.#values.length;
  }
}

/** Interns plain data by its JSON. */
export class DataInterner<T> extends Interner<T> {
  of(value: T): number {
    return this.id(keyOf(value), () => value);
  }
}

/** Returns JSON that also holds the contents of sets and maps. */
export function keyOf(value: unknown): string {
  return JSON.stringify(value, keepCollections) ?? '';
}

function keepCollections(_name: string, value: unknown): unknown {
  if (value instanceof Set) return { set: [...value] };
  return value instanceof Map ? { map: [...value] } : value;
}

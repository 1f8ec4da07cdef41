const NONE = -1;

/**
 * Every reached state, held once as a row of numbers in one array. Rows are found by hash and compared exactly. The
 * array is also the queue of the breadth-first search, so the first trace to a state is a shortest one.
 */
export class States {
  readonly width: number;
  size = 0;
  #rows: Int32Array;
  /** For each state, the index of the state from which it was reached first. */
  #parents: Int32Array;
  /** Hash table of row indexes: open addressing with linear probing, at most half full. */
  #table: Int32Array;

  constructor(width: number, capacity = 1 << 14) {
    this.width = width;
    this.#rows = new Int32Array(capacity * width);
    this.#parents = new Int32Array(capacity);
    this.#table = new Int32Array(capacity * 2).fill(NONE);
  }

  /** @returns whether the state is new */
  add(state: Int32Array, parent: number): boolean {
    let slot = this.#slotOf(state);
    for (; this.#table[slot] !== NONE; slot = (slot + 1) & (this.#table.length - 1)) {
      if (this.#equals(this.#table[slot]!, state)) return false;
    }
    if (this.size === this.#parents.length) {
      this.#grow();
      return this.add(state, parent);
    }
    this.#table[slot] = this.size;
    this.#rows.set(state, this.size * this.width);
    this.#parents[this.size++] = parent;
    return true;
  }

  read(index: number, into: Int32Array): void {
    const start = index * this.width;
    for (let i = 0; i < this.width; i++) into[i] = this.#rows[start + i]!;
  }

  /** Returns the trace to a state: the indexes of its states, from the initial state to the given one. */
  path(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at !== NONE; at = this.#parents[at]!) path.push(at);
    return path.reverse();
  }

  #equals(index: number, state: Int32Array): boolean {
    const start = index * this.width;
    for (let i = 0; i < this.width; i++) if (this.#rows[start + i] !== state[i]) return false;
    return true;
  }

  /** Hashes the numbers like FNV-1a, but number by number instead of byte by byte, and mixes the result. */
  #slotOf(state: Int32Array): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < state.length; i++) hash = Math.imul(hash ^ state[i]!, 0x01000193);
    hash ^= hash >>> 15;
    return (Math.imul(hash, 0x2c1b3c6d) >>> 4) & (this.#table.length - 1);
  }

  #grow(): void {
    const capacity = this.#parents.length * 2;
    this.#rows = extended(this.#rows, capacity * this.width);
    this.#parents = extended(this.#parents, capacity);
    this.#table = new Int32Array(capacity * 2).fill(NONE);
    const row = new Int32Array(this.width);
    for (let index = 0; index < this.size; index++) {
      this.read(index, row);
      let slot = this.#slotOf(row);
      while (this.#table[slot] !== NONE) slot = (slot + 1) & (this.#table.length - 1);
      this.#table[slot] = index;
    }
  }
}

function extended(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}

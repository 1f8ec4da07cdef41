import type { SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { Change, Snapshot } from './snapshot.ts';

/** The changes that the listeners have not been told of yet. */
export interface News extends Omit<Change, 'snapshot' | 'arrived'> {
  arrived: SequencedEvent[];
  reset: boolean;
  refused?: NonNullable<Change['refused']>;
}

/** Collects changes, and tells the listeners of them together in a microtask. */
export class Changes {
  #news: News | undefined;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #snapshot: () => Snapshot;

  constructor(snapshot: () => Snapshot) {
    this.#snapshot = snapshot;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(): News {
    if (!this.#news) queueMicrotask(() => this.#tell());
    this.#news ??= { arrived: [], reset: false };
    return this.#news;
  }

  #tell(): void {
    const change: Change = { snapshot: this.#snapshot(), ...this.#news! };
    this.#news = undefined;
    // Calls each listener in its own microtask. If one throws, its error is reported and the other listeners are still
    // called.
    for (const listener of this.#listeners) queueMicrotask(() => this.#listeners.has(listener) && listener(change));
  }
}

import type { SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { Change, Snapshot } from './snapshot.ts';

/** What the listeners have yet to hear, besides how things stand. */
export interface News extends Omit<Change, 'snapshot' | 'arrived'> {
  arrived: SequencedEvent[];
  reset: boolean;
  refused?: NonNullable<Change['refused']>;
}

/** Tells listeners soon, and once, of all that changes in one go. */
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
    // Each in its own microtask, so that one that throws is reported and keeps nobody else from hearing.
    for (const listener of this.#listeners) queueMicrotask(() => this.#listeners.has(listener) && listener(change));
  }
}

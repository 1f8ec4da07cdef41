import type { SequencedEvent } from '../../../src/domain/schema.generated.ts';
import type { Change } from '../../../web/client/shout-client.ts';
import type { Entry, Step } from '../history.ts';

/** Turns the notifications of a client into the steps that the checker reads. */
export class Journal {
  readonly steps: Step[] = [];
  readonly #now: () => number;
  #place = { epoch: '', last: 0 };
  #known = false;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Records a client's position and the events that it just applied. If these events do not explain the new position,
   * first records a step `load`.
   */
  record({ snapshot, arrived, reset }: Change): void {
    const at = this.#now();
    const { epoch, last } = snapshot.position;
    if (reset) {
      this.steps.push({ kind: 'reload', at });
      this.#known = false;
    }
    if (last === 0) return;
    const base = last - arrived.length;
    if (!this.#known || (this.#place.last !== base && arrived.at(-1)?.seq !== last)) {
      this.steps.push({ kind: 'load', at, epoch, last: base });
      this.#known = true;
    }
    if (arrived.length > 0) this.steps.push({ kind: 'apply', at, epoch, events: arrived.map(entryOf) });
    this.#place = { epoch, last };
  }
}

export function entryOf({ seq, id, type, at, data }: SequencedEvent): Entry {
  const { text, target, person, seconds, hide } = data as Partial<Entry>;
  const entry: Entry = { seq, id, type, text, target, appendedAt: at };
  return person === undefined ? entry : { ...entry, person, seconds, hide };
}

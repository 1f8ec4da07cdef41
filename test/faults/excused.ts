import type { Stored } from './history.ts';

/** How many numbers a rebuilt head may skip at most (src/infra/dynamodb/room-heads.ts). */
const HEADROOM = 1_000;

/** Numbers and events that the checker does not demand: an operator deleted them, or a rebuilt head skipped them. */
export class Excused {
  /** Numbers without an event. */
  readonly gone = new Set<number>();
  /** Ids of events that an operator deleted. */
  readonly deleted = new Set<string>();

  event({ id, seq }: Stored): void {
    this.deleted.add(id);
    this.gone.add(seq!);
  }

  /**
   * Excuses the numbers that one rebuilt head has skipped.
   * @returns how many more than {@link HEADROOM} they are; 0 if not more
   */
  lostHead(log: readonly Stored[]): number {
    const numbers = new Set(log.map(({ seq }) => seq));
    const highest = Math.max(0, ...[...numbers].map((seq) => seq ?? 0));
    const left = Array.from({ length: highest }, (_, index) => index + 1).filter(
      (seq) => !numbers.has(seq) && !this.gone.has(seq),
    );
    for (const seq of left) this.gone.add(seq);
    return Math.max(0, left.length - HEADROOM);
  }
}

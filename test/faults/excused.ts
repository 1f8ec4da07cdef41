import type { Stored } from './history.ts';

/** How many numbers a rebuilt head may skip at most (src/infra/dynamodb/room-heads.ts). */
const HEADROOM = 1_000;

/** What the checker does not demand: events that an operator deleted, and numbers that a rebuilt head skipped. */
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
   * @returns by how many they exceed {@link HEADROOM}; 0 if they do not
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

import type { Stored } from './history.ts';

/** Numbers that a rebuilt head may skip (src/infra/dynamodb/room-heads.ts). */
const HEADROOM = 1_000;

/** Events that the checker does not demand, because an operator or a lost table removed them. */
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
   * @returns how many it has skipped beyond {@link HEADROOM}; 0 if all is well
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

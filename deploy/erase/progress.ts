import type { Progress } from '../../src/domain/erasure/erase.ts';

const EVERY_MS = 2_000;

/** Returns a listener that writes a line of progress at most every two seconds. */
export function progressLines(now: () => number, write: (line: string) => void): (at: Progress) => void {
  let toldAt = now();
  return ({ round, looked, erased }) => {
    if (now() - toldAt < EVERY_MS) return;
    toldAt = now();
    write(`Round ${round}: ${looked.toLocaleString('en')} items looked at, ${erased.toLocaleString('en')} erased …`);
  };
}

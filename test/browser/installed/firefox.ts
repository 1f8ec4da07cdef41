import { firefoxPath } from '../firefox.ts';
import { listNotDriven } from '../not-driven.ts';

/** Vitest's global setup. Ends the run at once if there is no Firefox. Prints which tests do not run in it. */
export function setup(): void {
  firefoxPath();
  console.log(listNotDriven('firefox'));
}

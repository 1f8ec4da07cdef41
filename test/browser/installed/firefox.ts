import { firefoxPath } from '../firefox.ts';
import { listNotDriven } from '../not-driven.ts';

/** Ends the run at once if there is no Firefox. */
export function setup(): void {
  firefoxPath();
  console.log(listNotDriven('firefox'));
}

import { firefoxPath } from '../firefox.ts';

/** Ends the run at once where there is no Firefox. */
export function setup(): void {
  firefoxPath();
}

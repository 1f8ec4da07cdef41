import { listNotDriven } from '../not-driven.ts';
import { requireWebKit } from '../webkit.ts';

/** Vitest's global setup. Ends the run at once if there is no WebKit. Prints which tests do not run in WebKit. */
export function setup(): void {
  requireWebKit();
  console.log(listNotDriven('webkit'));
}

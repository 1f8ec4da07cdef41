import { listNotDriven } from '../not-driven.ts';
import { requireWebKit } from '../webkit.ts';

/** Ends the run at once if there is no WebKit. */
export function setup(): void {
  requireWebKit();
  console.log(listNotDriven('webkit'));
}

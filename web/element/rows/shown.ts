import type { Lookalikes } from '../behaviour/lookalikes.ts';
import type { Viewport } from '../behaviour/viewport.ts';
import type { Snapshot } from '../client.ts';
import type { Rows } from './articles.ts';
import { type Reader, rowsOf } from './row.ts';

export interface Shown extends Rows {
  hasOlder: boolean;
  /** Number of new messages that wait behind the button. */
  waiting: number;
}

/** Returns the rows to render. Adds their authors to `lookalikes`, which tags people whose names look the same. */
export function shownRows(
  { feed, outgoing, hasOlder }: Snapshot,
  viewport: Viewport,
  lookalikes: Lookalikes,
  reader: Reader,
): Shown {
  const { messages } = feed;
  const { rows, waiting, offset } = viewport.select(messages);
  for (const { actor } of rows) lookalikes.see(actor);
  return {
    rows: rowsOf(rows, outgoing, reader),
    offset,
    total: hasOlder ? -1 : messages.length + outgoing.length,
    hasOlder: hasOlder || offset + rows.length < messages.length,
    waiting: waiting.length,
  };
}

import type { ShoutClientOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { RoomClient } from './room-client.ts';

export type { GetToken } from './credentials.ts';
export type { ShoutClientOptions } from './options.ts';
export type { Change, ConnectionState, Failure, Outgoing, Snapshot } from './snapshot.ts';

/**
 * A room as one person sees it, kept up to date, and their way to speak in it. Knows no DOM.
 *
 * ```ts
 * const client = new ShoutClient({ server: 'https://…', getToken });
 * client.subscribe(({ snapshot }) => render(snapshot));
 * client.open();
 * client.post('hi');
 * ```
 */
export class ShoutClient extends RoomClient {
  constructor(options: ShoutClientOptions) {
    super(options);
    this.speak(Outbox);
  }
}

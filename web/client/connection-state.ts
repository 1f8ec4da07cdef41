import type { Link } from './connection.ts';
import type { Replica } from './replica.ts';
import type { ConnectionState } from './snapshot.ts';

/**
 * Sums up two states in one word: that of the connection, and that of the reader's copy of the room ({@link Replica}).
 *
 * @param barred the state to show while no socket is open because the server refuses this person
 * @param knowsServer whether the server's settings have arrived
 */
export function connectionState(
  link: Link,
  { state, catchingUp }: Pick<Replica, 'state' | 'catchingUp'>,
  barred?: 'signed-out' | 'forbidden',
  knowsServer = false,
): ConnectionState {
  switch (link.status) {
    case 'closed':
      return 'signed-out';
    case 'resting':
      return 'resting';
    case 'open':
      if (state.failing || link.networkLost) return 'offline';
      return link.progress === 'complete' && !catchingUp ? 'live' : 'catching-up';
    default:
      if (barred) return barred;
      // Does not say `offline` yet while the first page of history is being requested. If the server has refused the
      // socket, the answer to this request may tell why.
      if (knowsServer && state.syncing && !state.loaded && state.attempts === 0) return 'connecting';
      return link.failing || state.failing ? 'offline' : 'connecting';
  }
}

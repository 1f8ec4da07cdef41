import type { Link } from './connection.ts';
import type { Replica } from './replica.ts';
import type { ConnectionState } from './snapshot.ts';

/** Sums up the connection and the copy of the room in one word. */
export function connectionState(
  link: Link,
  { state, catchingUp }: Pick<Replica, 'state' | 'catchingUp'>,
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
      return link.failing || state.failing ? 'offline' : 'connecting';
  }
}

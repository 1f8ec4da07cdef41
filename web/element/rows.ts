import { eventId } from '../../src/domain/feed/event-id.ts';
import type { Actor, Message } from '../../src/domain/schema.generated.ts';
import type { Outgoing } from './client.ts';
import { dayHeading, dayOf } from './text/time.ts';
import type { Row } from './views/message.ts';

interface Reader {
  user: Actor | undefined;
  now: number;
  locale: string;
  mayDelete: boolean;
  /** Key of the message whose deletion is being confirmed. */
  confirming: string | undefined;
  /** Messages above this number came while the box was open. */
  since: number;
}

/** Messages as rows: what waits to be sent on top, day headings where a day begins (reading downwards). */
export function rowsOf(messages: readonly Message[], outgoing: readonly Outgoing[], reader: Reader): Row[] {
  const rows = [
    ...outgoing.toReversed().map((entry) => pending(entry, reader)),
    ...messages.map((m) => posted(m, reader)),
  ];
  let day: number | undefined;
  for (const row of rows) {
    const own = dayOf(row.at);
    if (own !== day) row.day = dayHeading(row.at, reader.now, reader.locale);
    day = own;
  }
  return rows;
}

function posted({ id, at, actor, text, seq }: Message, { user, mayDelete, confirming, since }: Reader): Row {
  const own = actor.id === user?.id;
  return {
    key: id,
    at,
    actor,
    text,
    day: undefined,
    own,
    fresh: seq > since,
    deletable: own && mayDelete && text !== undefined,
    confirming: confirming === id,
    outgoing: undefined,
  };
}

const nobody: Actor = { id: '', name: '…' };

function pending(outgoing: Outgoing, { user = nobody }: Reader): Row {
  return {
    key: eventId(user.id, outgoing.clientMessageId),
    at: outgoing.at,
    actor: user,
    text: outgoing.text,
    day: undefined,
    own: true,
    fresh: true,
    deletable: false,
    confirming: false,
    outgoing,
  };
}

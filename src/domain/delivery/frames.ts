import type { Frame } from '../ports/gateway.ts';
import type { SequencedEvent, ServerFrame } from '../schema.generated.ts';
import { utf8Length } from '../text/utf8.ts';

/** Most bytes of a frame: API Gateway takes at most 32 KB per post to a connection, and bills in units of 32 KB. */
export const MAX_FRAME_BYTES = 32 * 1024;

/**
 * Most bytes posted to one connection in a round. Clients fetch a larger round themselves, because posting it would delay
 * the next round.
 */
export const MAX_ROUND_BYTES = 64 * 1024;

const encoder = new TextEncoder();

/** One frame as the bytes that go over the wire. */
export function encode(frame: ServerFrame): Frame {
  return { body: encoder.encode(JSON.stringify(frame)) };
}

/**
 * Packs events, ascending, into as few `events` frames of at most `maxBytes` as their order allows. Each event is
 * stringified once. A burst of 90 short messages is one frame per client, not 90.
 */
export function encodeEvents(
  room: string,
  epoch: string,
  events: readonly SequencedEvent[],
  maxBytes = MAX_FRAME_BYTES,
  people?: number,
): Frame[] {
  const head = `{"type":"events","room":${JSON.stringify(room)},"epoch":${JSON.stringify(epoch)},"events":[`;
  const tail = people === undefined ? ']}' : `],"people":${people}}`;
  // The last event has no comma after it.
  const capacity = maxBytes - head.length - tail.length + 1;
  const frames: Frame[] = [];
  let parts: string[] = [];
  let bytes = 0;
  const flush = () => {
    if (parts.length > 0) frames.push({ body: encoder.encode(`${head}${parts.join(',')}${tail}`) });
    parts = [];
    bytes = 0;
  };
  for (const { seq, id, type, at, actor, data } of events) {
    const part = JSON.stringify({ seq, id, type, at, actor, data });
    const size = utf8Length(part) + 1;
    if (bytes + size > capacity) flush();
    parts.push(part);
    bytes += size;
  }
  flush();
  return frames;
}

/** The frames of one round: the events, or the head alone if they are too many. Clients then fetch them. */
export function encodeRound(room: string, epoch: string, events: readonly SequencedEvent[], people?: number): Frame[] {
  const frames = encodeEvents(room, epoch, events, MAX_FRAME_BYTES, people);
  const bytes = frames.reduce((sum, { body }) => sum + body.length, 0);
  if (bytes <= MAX_ROUND_BYTES) return frames;
  return [encode({ type: 'pong', epoch, head: events.at(-1)!.seq, ...(people === undefined ? {} : { people }) })];
}

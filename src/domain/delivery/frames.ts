import type { Frame } from '../ports/gateway.ts';
import type { SequencedEvent, ServerFrame } from '../schema.generated.ts';
import { utf8Length } from '../text/utf8.ts';

/**
 * Maximum size of a frame, bytes. API Gateway limits frames to 32 KB, also those posted to a connection, and bills in
 * units of 32 KB.
 */
export const MAX_FRAME_BYTES = 32 * 1024;

/**
 * Maximum total size of the frames that one round posts to each connection, bytes. A round is one call of
 * `sequenceAndFanOut`. Clients fetch the events of a larger round themselves, because posting them would delay the next
 * round.
 */
export const MAX_ROUND_BYTES = 64 * 1024;

const encoder = new TextEncoder();

export function encode(frame: ServerFrame): Frame {
  return { body: encoder.encode(JSON.stringify(frame)) };
}

/**
 * Packs events into frames of type `events`, each of at most `maxBytes`. An event that no longer fits starts the next
 * frame. A burst of 90 short messages becomes one frame per client instead of 90. Stringifies each event once.
 *
 * @param events in ascending order
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
  // Each event is counted with a comma after it. The last event of a frame has none, hence `+ 1`.
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

/**
 * Returns the frames of one round. If the events take more than {@link MAX_ROUND_BYTES}, returns only a `pong` that
 * names the last event's number as the room's head. Clients then see that they lack events, and fetch them.
 */
export function encodeRound(room: string, epoch: string, events: readonly SequencedEvent[], people?: number): Frame[] {
  const frames = encodeEvents(room, epoch, events, MAX_FRAME_BYTES, people);
  const bytes = frames.reduce((sum, { body }) => sum + body.length, 0);
  if (bytes <= MAX_ROUND_BYTES) return frames;
  return [encode({ type: 'pong', epoch, head: events.at(-1)!.seq, ...(people === undefined ? {} : { people }) })];
}

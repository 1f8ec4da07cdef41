import { ShoutError } from '../errors.ts';
import { authorOf, eventId } from '../feed/event-id.ts';
import type { NewEvent } from '../ports/event-log.ts';
import type { Actor, EventId } from '../schema.generated.ts';
import { isBlank } from '../text/blank.ts';
import { countGraphemes } from '../text/graphemes.ts';
import { utf8Length } from '../text/utf8.ts';

/** Bounds what one event costs whatever its graphemes are made of: 10,000 combining marks are one grapheme. */
export const MAX_TEXT_BYTES = 2_048;

/** Everything a decision needs that is not in the command: who, where, when, under which id. */
export interface Context {
  room: string;
  actor: Actor;
  clientMessageId: string;
  at: number;
  trace?: string | undefined;
}

// C0 and C1 controls but tab and line feed: they have no meaning in a message and forge log lines and terminals.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/**
 * Decides `sendMessage`.
 * @throws ShoutError `too_large` over the limits, `invalid_message` for a text nobody could see or that is not Unicode
 */
export function postMessage(text: string, maxGraphemes: number, context: Context): NewEvent {
  const { clientMessageId } = context;
  // Bytes first: segmenting is slow on purpose-made input, and this bounds it.
  if (utf8Length(text) > MAX_TEXT_BYTES || !isWithin(text, maxGraphemes)) {
    const message = `A message holds at most ${maxGraphemes} characters and ${MAX_TEXT_BYTES} bytes.`;
    throw new ShoutError('too_large', message, { clientMessageId });
  }
  if (!text.isWellFormed()) {
    throw new ShoutError('invalid_message', 'The text is not well-formed Unicode.', { clientMessageId });
  }
  if (CONTROL.test(text)) {
    throw new ShoutError('invalid_message', 'The text holds control characters.', { clientMessageId });
  }
  if (isBlank(text)) {
    throw new ShoutError('invalid_message', 'The text is empty.', { clientMessageId });
  }
  return event('MessagePosted', { text }, context);
}

/**
 * Decides `deleteMessage`. An event's id begins with its author's id, so no read is needed to know whose it is.
 * @throws ShoutError `forbidden` for somebody else's message, `conflict` under the message's own clientMessageId
 */
export function deleteMessage(target: EventId, context: Context): NewEvent {
  const { clientMessageId } = context;
  if (authorOf(target) !== context.actor.id) {
    throw new ShoutError('forbidden', 'Only its author may delete a message.', { clientMessageId });
  }
  const deletion = event('MessageDeleted', { target, by: context.actor.id }, context);
  if (deletion.id === target) {
    throw new ShoutError('conflict', 'A deletion needs a clientMessageId of its own.', { clientMessageId });
  }
  return deletion;
}

/** A grapheme is one UTF-16 unit or more, so most texts need no counting. */
function isWithin(text: string, maxGraphemes: number): boolean {
  return text.length <= maxGraphemes || countGraphemes(text) <= maxGraphemes;
}

function event(type: string, data: NewEvent['data'], { room, actor, clientMessageId, at, trace }: Context): NewEvent {
  const id = eventId(actor.id, clientMessageId);
  return { room, id, type, v: 1, at, actor, data, ...(trace === undefined ? {} : { trace }) };
}

import { ShoutError } from '../errors.ts';
import { banOf, noRules } from '../governance/rules.ts';
import type { SendMessage } from '../schema.generated.ts';
import { isBlank } from '../text/blank.ts';
import { countGraphemes } from '../text/graphemes.ts';
import { utf8Length } from '../text/utf8.ts';
import { type Command, type Context, isModerator, newEvent } from './command.ts';
import { bannedRefusal } from './moderators-only.ts';

/**
 * Maximum size of a text, bytes of UTF-8. A limit in graphemes alone would not bound the size of an event, because one
 * grapheme may have 10,000 combining marks.
 */
export const MAX_TEXT_BYTES = 2_048;

// C0 controls, DEL and C1 controls, except tab and line feed. They mean nothing in a message and can forge log lines.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/**
 * Somebody who is signed in sends a message. Refused with `too_large` above the limits, with `invalid_message` if the
 * text is blank, malformed or has control characters, and with `forbidden` if the sender is banned, only moderators may
 * write, or the text holds a blocked word.
 */
export const sendMessage: Command<SendMessage> = {
  name: 'sendMessage',
  needs: { rules: true },
  paced: true,
  decide({ text }, _state, context) {
    const { clientMessageId, limits } = context;
    // Limits the bytes before `refusal` counts the graphemes, because counting them can be slow in a long hostile text.
    if (utf8Length(text) > MAX_TEXT_BYTES) throw tooLarge(limits, clientMessageId);
    const problem = problemOf(text);
    if (problem) throw new ShoutError('invalid_message', problem, { clientMessageId });
    return newEvent({ type: 'MessagePosted', data: { text } }, context);
  },
  refusal({ text }, { rules = noRules, isBlocked }, { actor, at, clientMessageId, limits }) {
    const ban = banOf(rules, actor, at);
    if (ban) return bannedRefusal(ban, clientMessageId);
    if (rules.locked && !isModerator(actor)) {
      return new ShoutError('forbidden', 'Only moderators write here just now.', { clientMessageId, rule: 'locked' });
    }
    if (!isWithin(text, limits.textGraphemes)) return tooLarge(limits, clientMessageId);
    if (!isBlocked?.(text)) return undefined;
    // Does not name the word, because that would help people disguise it.
    return new ShoutError('forbidden', 'This holds a word that is blocked here.', { clientMessageId, rule: 'words' });
  },
};

function tooLarge({ textGraphemes }: Context['limits'], clientMessageId: string): ShoutError {
  const message = `A message holds at most ${textGraphemes} characters and ${MAX_TEXT_BYTES} bytes.`;
  return new ShoutError('too_large', message, { clientMessageId });
}

/**
 * Whether a text has at most `maxGraphemes` graphemes. Each grapheme has at least one UTF-16 unit, so the graphemes are
 * counted only if the text has more than `maxGraphemes` units.
 */
function isWithin(text: string, maxGraphemes: number): boolean {
  return text.length <= maxGraphemes || countGraphemes(text) <= maxGraphemes;
}

function problemOf(text: string): string | undefined {
  if (!text.isWellFormed()) return 'The text is not well-formed Unicode.';
  if (CONTROL.test(text)) return 'The text holds control characters.';
  if (isBlank(text)) return 'The text is empty.';
  return undefined;
}

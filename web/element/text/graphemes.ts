import { graphemesOf } from '../../../src/domain/text/graphemes.ts';

/**
 * Matches one to five emoji, by the grammar of UTS 51 (ED-15 to ED-17). `\p{RGI_Emoji}` is more exact, but takes a slow
 * phone 250 ms to compile.
 */
const MOSTLY_EMOJI =
  /^\s*(?:(?:\p{RI}{2}|(?!\p{RI})(?:\p{EPres}|\p{Emoji}(?=\p{EMod}|\uFE0F)))(?:\p{EMod}|\uFE0F\u20E3?|[\u{E0020}-\u{E007F}]+)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*\s*){1,5}$/u;

export function firstGrapheme(text: string): string {
  for (const { segment } of graphemesOf(text)) return segment;
  return '';
}

/**
 * Whether a text is shown large: it consists of one to five emoji and spaces, and is at most 80 UTF-16 units long.
 */
export function isJumbo(text: string): boolean {
  return text.length <= 80 && MOSTLY_EMOJI.test(text);
}

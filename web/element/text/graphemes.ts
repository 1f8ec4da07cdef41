import { graphemesOf } from '../../../src/domain/text/graphemes.ts';

const MOSTLY_EMOJI = /^\s*(?:\p{RGI_Emoji}\s*){1,5}$/v;

export function firstGrapheme(text: string): string {
  for (const { segment } of graphemesOf(text)) return segment;
  return '';
}

/** One to five emoji and nothing else: shown large. */
export function isJumbo(text: string): boolean {
  return text.length <= 80 && MOSTLY_EMOJI.test(text);
}

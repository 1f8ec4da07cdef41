import { isBlank, SPACES } from './blank.ts';
import { graphemesOf } from './graphemes.ts';

const MAX_GRAPHEMES = 64;
const MAX_UNITS = 128;
/** A longer claim is first cut to this length, in UTF-16 units. */
const MAX_INPUT_UNITS = 1_024;

/**
 * Viramas of Indic scripts. A joiner (U+200C, U+200D) after a virama is kept, because it decides how the letters around
 * it are written (RFC 5892, appendix A.1 and A.2).
 */
const VIRAMAS = String.raw`\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca`;
const ANY_IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
/**
 * Captures each invisible character to remove. What it matches without capturing is kept. Created on first use, because
 * compiling `RGI_Emoji` takes 40 ms of a cold start, and most names do not need it.
 */
let ignorables: RegExp | undefined;
const createIgnorables = () =>
  new RegExp(
    [
      // A whole emoji, with the joiners, variation selectors and tags in it.
      String.raw`\p{RGI_Emoji}`,
      // Joiners that the spelling of a word needs.
      String.raw`(?<=[${VIRAMAS}])[\u200c\u200d]`,
      String.raw`(?<=\p{Script=Arabic})\u200c(?=\p{Script=Arabic})`,
      String.raw`(\p{Default_Ignorable_Code_Point})`,
    ].join('|'),
    'gv',
  );
/**
 * Matches more than four nonspacing or enclosing marks in a row. Captures the first four, which are kept. No language
 * needs more (UTS 39, section 5.4).
 */
const MARKS = /([\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu;

/**
 * Returns a display name: one visible line of bounded length, in NFC. Removes invisible characters such as controls and
 * bidi overrides, because with them two different names could look the same. Keeps those that emoji or spelling need.
 * Letters that look alike are the task of infra/identity/skeleton.ts.
 * @returns undefined if the claim is not a string, or nothing of it is visible
 */
export function displayName(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined;
  const line = visible(claim.slice(0, MAX_INPUT_UNITS).toWellFormed())
    .normalize('NFC')
    .replace(MARKS, '$1')
    .replace(SPACES, ' ')
    .trim();
  // A name of at most 64 UTF-16 units has at most 64 graphemes, so it needs no segmenter, which is slow to load.
  const name = line.length <= MAX_GRAPHEMES ? line : cut(line).trimEnd();
  return isBlank(name) ? undefined : name;
}

function visible(text: string): string {
  if (!ANY_IGNORABLE.test(text)) return text;
  ignorables ??= createIgnorables();
  return text.replace(ignorables, (match, ignorable?: string) => (ignorable === undefined ? match : ''));
}

function cut(line: string): string {
  let name = '';
  let count = 0;
  for (const { segment } of graphemesOf(line)) {
    if (++count > MAX_GRAPHEMES || name.length + segment.length > MAX_UNITS) break;
    name += segment;
  }
  return name;
}

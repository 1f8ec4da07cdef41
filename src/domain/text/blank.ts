/**
 * Characters that show nothing, though Unicode calls them neither white space nor default-ignorable. For example: the
 * blank Braille pattern, the musical null notehead, and the format controls of Egyptian hieroglyphs.
 */
const BLANK_GLYPHS = String.raw`\u2800\u2d7f\ufff9-\ufffc\u{13430}-\u{1343f}\u{13441}\u{13442}\u{16fe4}\u{1d159}`;

/** Matches runs of white space, control characters and blank glyphs. */
export const SPACES = new RegExp(String.raw`[\p{White_Space}\p{Cc}${BLANK_GLYPHS}]+`, 'gu');

const VISIBLE = new RegExp(String.raw`[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}${BLANK_GLYPHS}]`, 'u');

/** Whether a text has no visible character. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}

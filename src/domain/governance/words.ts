/** Maps texts that look alike to the same text, by lower-casing and by the confusables of UTS 39. */
export type Skeleton = (text: string) => string;

/** Whether a text holds a blocked word. */
export type IsBlocked = (text: string) => boolean;

/** Maximum number of blocked words in a room. */
export const MAX_WORDS = 1_000;
/** Maximum length of a blocked word, UTF-16 units. */
export const MAX_WORD_UNITS = 64;

/** Maximum number of words in a phrase. For each length of phrase, `holds` goes through the whole text again. */
export const MAX_PHRASE = 5;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that are written without spaces. Their words are found anywhere in a text. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/**
 * Matches a Latin, Greek or Cyrillic letter and the combining marks that NFKC leaves behind it, such as a dot on `i`.
 * These marks are removed. `é` stays, because NFKC makes it one character. Other scripts keep their marks, because the
 * marks are part of the spelling.
 */
const LEFT_OVER = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu;
/**
 * Matches text whose letters are compared by their looks. Leaves out Hebrew, Chinese and Japanese, because UTS 39 maps
 * some of their letters to signs, such as yod to an apostrophe, and signs spell nothing.
 */
const COMPARED_BY_LOOKS =
  /[^\p{Script=Hebrew}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script_Extensions=Katakana}]+/gu;
/** Matches the punctuation and quotes around a word, as in "idiot!". */
const PUNCTUATION_AT_ENDS = /^[.,;:!?"'()…«»„“”‘’@#–—-]+|[.,;:!?"'()…«»„“”‘’–—-]+$/gu;
/** Matches a text whose first or last character is a sign, and not a letter, digit or mark. */
const EDGED_BY_SIGNS = /^[^\p{L}\p{N}\p{M}]|[^\p{L}\p{N}\p{M}]$/u;
/** The right-to-left override, which shows the text after it backwards. */
const OVERRIDE = '\u202e';
/** Marks that strike a letter through, and marks for symbols, such as enclosing circles. They spell nothing. */
const DECORATION = /[\u0334-\u0338\u20d0-\u20ff]/gu;

/**
 * Prepares a list of blocked words. The returned function is pure. It finds whole words only, so it does not find "ass"
 * in "class". Words of scripts without spaces are the exception: it finds them anywhere in a text.
 *
 * It also finds words in letters of other scripts and styles, with digits or signs for letters ("b4d"), with letters
 * that are spaced out ("b a d", "b.a.d") or repeated ("baaad"), and in texts that are shown backwards. It does not join
 * words that were split into parts ("ba d"), because too many harmless texts would match.
 *
 * @param words words and phrases as an operator wrote them; the words of a phrase are separated by spaces
 */
export function blockedWords(words: readonly string[], skeleton: Skeleton): IsBlocked {
  const spaced = new Set<string>();
  const unspaced: string[] = [];
  for (const word of words) {
    for (const plain of waysToRead(word, skeleton)) {
      if (UNSPACED.test(plain)) unspaced.push(denseOf(plain));
      else for (const between of [' ', '']) spaced.add(wordsOf(plain).join(between));
    }
  }
  const lengths = new Set([...spaced].map((phrase) => phrase.split(' ').length));
  const isFound = (text: string) => {
    const plain = plainOf(text, skeleton);
    const dense = denseOf(plain);
    if (unspaced.some((word) => dense.includes(word))) return true;
    const folded = foldOf(text);
    const read = [...new Set([folded, joined(folded)])].map((way) => plainOf(spelledWithLetters(way), skeleton));
    const spellings = new Set([plain, ...read].flatMap((way) => [way, ...respelt(way)]));
    return [...spellings].some((spelling) => holds(wordsOf(spelling), spaced, lengths));
  };
  return (text) => isFound(text) || (text.includes(OVERRIDE) && isFound([...text].reverse().join('')));
}

/**
 * Returns what a listed word means, ready to compare. "a$$" means only "ass", because "a" would block nearly every text.
 * A word of two characters, such as "m4", spells no other word.
 */
function waysToRead(word: string, skeleton: Skeleton): string[] {
  const folded = foldOf(word.trim());
  const spelled = spelledWithLetters(folded);
  const ways = [folded, folded.replaceAll(PUNCTUATION_AT_ENDS, '')];
  if (spelled.length > 2) ways.push(spelled);
  return ways.map((way) => plainOf(way, skeleton)).filter((plain) => !EDGED_BY_SIGNS.test(plain));
}

function holds(found: readonly string[], phrases: ReadonlySet<string>, lengths: ReadonlySet<number>): boolean {
  for (const length of lengths) {
    for (let at = 0; at + length <= found.length; at++) {
      if (phrases.has(found.slice(at, at + length).join(' '))) return true;
    }
  }
  return false;
}

/**
 * Folds case before it maps letters by their looks, because the small and the capital form of a letter can look like
 * different letters.
 */
function plainOf(text: string, skeleton: Skeleton): string {
  return foldOf(text).replaceAll(COMPARED_BY_LOOKS, skeleton).replaceAll(DECORATION, '');
}

/** Normalizes a text and folds its case. Maps to upper case first, because that turns "ß" into two letters. */
function foldOf(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll(LEFT_OVER, '$1');
}

/** The letter that a digit or sign stands for if a letter is next to it, as in "b4d". */
const READ_AS: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' },
  ...{ '!': 'i', '|': 'i', '@': 'a', $: 's' },
};

function spelledWithLetters(text: string): string {
  return text.replaceAll(/(\p{L}?)([013457!|@$]+)(?=(\p{L}?))/gu, (all, before, signs: string, after) =>
    before || after ? before + signs.replaceAll(/./gu, (sign) => READ_AS[sign]!) : all,
  );
}

/** Returns the letters, digits and combining marks of a text, without what is between them. */
function denseOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '');
}

function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/**
 * Matches three or more single letters or digits with one to three other characters between them: "b a d", "b.a.d",
 * "b - a - d".
 */
const SPACED_OUT =
  /(?<![\p{L}\p{N}\p{M}])(?:[\p{L}\p{N}]\p{M}*[^\p{L}\p{N}\p{M}]{1,3}){2,}[\p{L}\p{N}]\p{M}*(?![\p{L}\p{N}\p{M}])/gu;

/**
 * Joins spaced-out letters. The first `before` and the last `after` of them stay words of their own: with `before` 1,
 * "u b a d" becomes "u bad".
 */
function joined(text: string, before = 0, after = 0): string {
  return text.replaceAll(SPACED_OUT, (row) => {
    const letters = row.match(/[\p{L}\p{N}]\p{M}*/gu)!;
    const end = letters.length - after;
    // "U.S.A." and "1.8.8" hold no word, and what is left of "U. S. A." is too short for one.
    if (before + after > 0 && (!/\s/.test(row) || /\p{N}/u.test(row) || end - before < 3)) return letters.join('');
    return [...letters.slice(0, before), letters.slice(before, end).join(''), ...letters.slice(end)].join(' ');
  });
}

/**
 * Returns other spellings of a text: with spaced-out letters joined, with punctuation inside words removed, and with a
 * letter that comes three or more times in a row reduced to one ("baaad") or to two ("asssss").
 */
function respelt(text: string): string[] {
  // Joining all of "u b a d" gives "ubad", which hides "bad". So the first and the last letter are also left out.
  const apart = [joined(text), joined(text, 1), joined(text, 0, 1), joined(text, 1, 1)];
  // "id.iot", "id-iot": there is no space, so the parts are one word.
  const closed = apart[0]!.replaceAll(/(?<=[\p{L}\p{N}\p{M}])[^\p{L}\p{N}\p{M}\s]{1,3}(?=[\p{L}\p{N}])/gu, '');
  const spellings = new Set(apart);
  for (const spelling of [text, ...apart, closed]) {
    spellings.add(spelling.replaceAll(/(\p{L})\1{2,}/gu, '$1'));
    spellings.add(spelling.replaceAll(/(\p{L})\1{2,}/gu, '$1$1'));
  }
  return [...spellings];
}

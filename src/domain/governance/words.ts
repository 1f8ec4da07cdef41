/** Makes texts that look alike the same: NFKC, case folding and the confusables of UTS 39. */
export type Skeleton = (text: string) => string;

/** Whether a text holds a blocked word. */
export type IsBlocked = (text: string) => boolean;

/** Blocked words of a room at most, and the length of each, UTF-16 units. */
export const MAX_WORDS = 1_000;
export const MAX_WORD_UNITS = 64;

/** Words of a phrase at most: each length is looked for at each word of a text. */
export const MAX_PHRASE = 5;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that are written without spaces: a word of theirs is found anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/**
 * Marks that are left after NFKC, which has composed those that spell: `é` stays, a dot on `i` and a hook under `d` go. Other
 * scripts spell with their marks.
 */
const LEFT_OVER = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu;
/** Shows the text after it backwards. */
const OVERRIDE = '\u202e';
/** Strokes through a letter and marks around it: they spell nothing. */
const DECORATION = /[\u0334-\u0338\u20d0-\u20ff]/gu;

/**
 * Prepares a list of words. What it returns is pure, and looks at whole words: "class" holds no blocked "ass".
 *
 * It sees through letters of other scripts and styles, letters that are spaced out ("b a d", "b.a.d") and repeated
 * ("baaad"), and texts that are shown backwards. It does not join words that were split into parts ("ba d"), because too
 * many harmless texts would match.
 *
 * @param words as an operator wrote them; a phrase has spaces
 */
export function blockedWords(words: readonly string[], skeleton: Skeleton): IsBlocked {
  const spaced = new Set<string>();
  const unspaced: string[] = [];
  for (const word of words) {
    const plain = plainOf(word, skeleton);
    if (UNSPACED.test(plain)) unspaced.push(plain.replaceAll(/\s/gu, ''));
    else for (const between of [' ', '']) spaced.add(wordsOf(plain).join(between));
  }
  const lengths = new Set([...spaced].map((phrase) => phrase.split(' ').length));
  const isFound = (text: string) => {
    const plain = plainOf(text, skeleton);
    const dense = plain.replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '');
    if (unspaced.some((word) => dense.includes(word))) return true;
    const read = plainOf(spelledWithLetters(foldOf(text)), skeleton);
    const spellings = new Set([plain, read, ...respelt(plain), ...respelt(read)]);
    return [...spellings].some((spelling) => holds(wordsOf(spelling), spaced, lengths));
  };
  return (text) => isFound(text) || (text.includes(OVERRIDE) && isFound([...text].reverse().join('')));
}

function holds(found: readonly string[], phrases: ReadonlySet<string>, lengths: ReadonlySet<number>): boolean {
  for (const length of lengths) {
    for (let at = 0; at + length <= found.length; at++) {
      if (phrases.has(found.slice(at, at + length).join(' '))) return true;
    }
  }
  return false;
}

/** Folded before letters are compared by their looks: small and capital letters look different. */
function plainOf(text: string, skeleton: Skeleton): string {
  return skeleton(foldOf(text)).replaceAll(DECORATION, '');
}

/** Upper case first: it makes two letters of "ß". */
function foldOf(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll(LEFT_OVER, '$1');
}

/** Digits and signs beside a letter that are read as letters. */
const READ_AS: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' },
  ...{ '!': 'i', '|': 'i', '@': 'a', $: 's' },
};

function spelledWithLetters(text: string): string {
  return text.replaceAll(/(\p{L}?)([013457!|@$]+)(?=(\p{L}?))/gu, (all, before, signs: string, after) =>
    before || after ? before + signs.replaceAll(/./gu, (sign) => READ_AS[sign]!) : all,
  );
}

function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** What a text says where letters are spaced out or repeated. */
function respelt(text: string): string[] {
  // "b a d", "b.a.d", "b - a - d": single letters in a row, each alone between what is no letter.
  const joined = text.replaceAll(
    /(?<![\p{L}\p{N}\p{M}])(?:[\p{L}\p{N}]\p{M}*[^\p{L}\p{N}\p{M}]{1,3}){2,}[\p{L}\p{N}]\p{M}*(?![\p{L}\p{N}\p{M}])/gu,
    (letters) => letters.replaceAll(/[^\p{L}\p{N}\p{M}]/gu, ''),
  );
  // "id.iot", "id-iot": no space, so it is one word.
  const closed = joined.replaceAll(/(?<=[\p{L}\p{N}\p{M}])[^\p{L}\p{N}\p{M}\s]{1,3}(?=[\p{L}\p{N}])/gu, '');
  const spellings = new Set([joined]);
  for (const spelling of [text, joined, closed]) {
    spellings.add(spelling.replaceAll(/(\p{L})\1{2,}/gu, '$1'));
    spellings.add(spelling.replaceAll(/(\p{L})\1{2,}/gu, '$1$1'));
  }
  return [...spellings];
}

import { createHash } from 'node:crypto';
// Unicode's table of confusable characters. The table is large, and few invocations need it. So other modules load
// skeleton.ts by `import()`, and the build makes skeleton.ts a file of its own next to the bundle.
import prototypes from 'unhomoglyph/data.json' with { type: 'json' };

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/**
 * First code points of the framed alphabets that neither Unicode's table nor NFKD maps: white letters in black circles,
 * white letters in black boxes, and regional indicators.
 */
const FRAMED = [0x1f150, 0x1f170, 0x1f1e6];
const PLAIN = new Map([
  ...FRAMED.flatMap((first) => Array.from(ALPHABET, (plain, n) => [String.fromCodePoint(first + n), plain] as const)),
  ...Array.from('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡ', (letter, n) => [letter, ALPHABET[n]!] as const),
  ...([
    ['ʏ', 'y'],
    ['ᴢ', 'z'],
  ] as const),
]);

/** The prototypes of letters that were looked up before. Kept because decomposing a letter takes microseconds. */
const PROTOTYPES = new Map<string, string>();
/** Bounds memory, because a Lambda may live for hours. */
const MAX_PROTOTYPES = 10_000;

/**
 * Returns a short hash of a name's appearance. Names that look alike by UTS 39, section 4, have the same hash, except
 * for about a dozen rare characters, such as "‰". Beyond UTS 39, the hash ignores the frame of a letter ("ⓐlice") and
 * case ("Alice"), and reads small capitals as letters ("ᴀlice").
 */
export function skeletonHash(name: string): string {
  return createHash('sha256').update(skeletonOf(name)).digest('base64url').slice(0, 8);
}

/**
 * Replaces each letter by its prototype, a text that all letters of the same look share ("rn" for m). Does so before
 * lower-casing, because only the capital I looks like l. Does so again after lower-casing, because small letters have
 * prototypes, too. In the end l becomes i, so that "ALICE", whose I has become l, equals "alice".
 */
export function skeletonOf(name: string): string {
  return withPrototypes(withPrototypes(name).toLowerCase()).replaceAll('l', 'i');
}

function withPrototypes(text: string): string {
  const letters = text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFC');
  return Array.from(letters, prototypeOf).join('').normalize('NFD');
}

/**
 * Looks the whole letter up first, and decomposes it by NFKD only if the tables lack it. NFKD goes by what a letter
 * means: it turns the lunate sigma, which looks like c, into a sigma.
 */
function prototypeOf(letter: string): string {
  const known = PROTOTYPES.get(letter);
  if (known !== undefined) return known;
  const prototype = lookUp(letter) ?? Array.from(letter.normalize('NFKD'), (part) => lookUp(part) ?? part).join('');
  if (PROTOTYPES.size >= MAX_PROTOTYPES) PROTOTYPES.clear();
  PROTOTYPES.set(letter, prototype);
  return prototype;
}

const lookUp = (letter: string): string | undefined =>
  PLAIN.get(letter) ?? (prototypes as Record<string, string>)[letter];

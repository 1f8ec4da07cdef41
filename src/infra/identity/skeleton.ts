import { createHash } from 'node:crypto';
// Unicode's table of confusable characters. It is a separate file in the bundle, because few invocations need it.
import prototypes from 'unhomoglyph/data.json' with { type: 'json' };

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/**
 * First code points of the alphabets that neither Unicode's table nor NFKD maps: white letters in black circles, white
 * letters in black boxes, and the letters of flags.
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

/**
 * A short hash of a name's appearance. Names with the same hash look alike (UTS 39, section 4). Beyond UTS 39, it ignores
 * case, because few readers tell "Alice" from "alice", and the frame of a letter, as in "ⓐlice".
 */
export function skeletonHash(name: string): string {
  return createHash('sha256').update(skeletonOf(name)).digest('base64url').slice(0, 8);
}

/**
 * Maps to prototypes before case folding, because capital I looks like l, and again after it, because folding adds
 * letters. Capital I is also the capital of i, so l and i count as one letter: otherwise "ALICE" would not look like
 * "alice".
 */
export function skeletonOf(name: string): string {
  return withPrototypes(withPrototypes(name).toLowerCase()).replaceAll('l', 'i');
}

function withPrototypes(text: string): string {
  const letters = text.normalize('NFKD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return Array.from(letters, (letter) => PLAIN.get(letter) ?? (prototypes as Record<string, string>)[letter] ?? letter)
    .join('')
    .normalize('NFD');
}

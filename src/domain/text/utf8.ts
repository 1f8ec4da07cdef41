/** Returns how many bytes a well-formed string takes in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // `bytes` already counts one byte for each UTF-16 unit. A unit from 0x80 to 0x7ff has 2 bytes. A surrogate pair has
    // 4, so each of its two units counts 2. Any other unit from 0x800 on has 3.
    bytes += code < 0x800 || (code & 0xf800) === 0xd800 ? 1 : 2;
  }
  return bytes;
}

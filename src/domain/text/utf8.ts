/** Returns the length of a well-formed string in UTF-8, bytes, without encoding the string. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // One byte of each unit is counted already. A surrogate pair has 4 bytes, 2 for each of its units. Any other unit
    // above 0x7ff has 3 bytes.
    bytes += code < 0x800 || (code & 0xf800) === 0xd800 ? 1 : 2;
  }
  return bytes;
}

import { countGraphemes } from '../../../src/domain/text/graphemes.ts';

const encoder = new TextEncoder();

export interface TextLimits {
  textGraphemes: number;
  textBytes: number;
}

/**
 * Returns the number of characters left, negative if the text is too long; undefined while the limit is far. One UTF-16
 * unit is at most one grapheme and at most three UTF-8 bytes. A text with few units is therefore far from the limits,
 * and need not be segmented at every keystroke.
 */
export function charactersLeft(text: string, limits: TextLimits): number | undefined {
  const near = limits.textGraphemes * 0.8;
  if (text.length < near && text.length * 3 < limits.textBytes) return undefined;
  const left = limits.textGraphemes - countGraphemes(text);
  const bytesOver = encoder.encode(text).length - limits.textBytes;
  if (bytesOver > 0) return Math.min(left, -Math.ceil(bytesOver / 4));
  return left <= limits.textGraphemes * 0.2 ? left : undefined;
}

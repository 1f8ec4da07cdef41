import { countGraphemes } from '../../../src/domain/text/graphemes.ts';

const encoder = new TextEncoder();

export interface TextLimits {
  textGraphemes: number;
  textBytes: number;
}

/**
 * Returns how many graphemes may still be typed; undefined while that is more than a fifth of the limit. Negative if
 * the text is too long. If it has too many bytes, every four bytes above the limit count as one grapheme.
 *
 * One UTF-16 unit is at most one grapheme and at most three UTF-8 bytes. So a text with few units is within both
 * limits, and its graphemes need not be counted at every keystroke.
 */
export function charactersLeft(text: string, limits: TextLimits): number | undefined {
  const near = limits.textGraphemes * 0.8;
  if (text.length < near && text.length * 3 < limits.textBytes) return undefined;
  const left = limits.textGraphemes - countGraphemes(text);
  const bytesOver = encoder.encode(text).length - limits.textBytes;
  if (bytesOver > 0) return Math.min(left, -Math.ceil(bytesOver / 4));
  return left <= limits.textGraphemes * 0.2 ? left : undefined;
}

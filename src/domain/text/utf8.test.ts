import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Length } from './utf8.ts';

// Does not use fast-check's `unit: 'binary'`, because that first builds a table of all code points, which takes a
// second.
const codePoint = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
const wellFormed = fc.array(codePoint).map((points) => String.fromCodePoint(...points));

describe('utf8Length', () => {
  it('agrees with the encoder on every well-formed string', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });

  it.each([
    [0x7f, 1],
    [0x80, 2],
    [0x7ff, 2],
    [0x800, 3],
    [0xd7ff, 3],
    [0xe000, 3],
    [0xffff, 3],
    [0x10000, 4],
  ])('of code point %i is %i', (point, bytes) => expect(utf8Length(String.fromCodePoint(point))).toBe(bytes));
});

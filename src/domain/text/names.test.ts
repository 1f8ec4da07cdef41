import { describe, expect, it } from 'vitest';
import { isBlank } from './blank.ts';
import { displayName } from './names.ts';

describe('a display name', () => {
  it.each([
    ['one visible line', ' Ada\r\n\tLovelace  ', 'Ada Lovelace'],
    ['without controls', 'A\u0000d\u007fa', 'A d a'],
    ['without bidi overrides and other invisible characters', 'a\u202ed\u200ba\u2060\ufeff\u200d', 'ada'],
    ['composed', 'Zoe\u0308', 'Zo\u00eb'],
    ['with blank glyphs as spaces', 'a\u2800\u2800d', 'a d'],
    ['with at most four marks in a row', `a${'\u0332'.repeat(20)}b`, `a${'\u0332'.repeat(4)}b`],
    ['well-formed', 'a\ud800', 'a\ufffd'],
  ])('is %s', (_what, claim, name) => expect(displayName(claim)).toBe(name));

  it.each([
    ['an emoji', 'Ada 👩‍🚀'],
    ['a flag', '🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scot'],
    ['the joiner after a virama', 'क्\u200dष'],
    ['the joiner that Persian needs', 'می\u200cخواهم'],
  ])('keeps %s', (_what, name) => expect(displayName(name)).toBe(name));

  it('loses a joiner that joins nothing', () => {
    expect(displayName('क\u200dष')).toBe('कष');
    expect(displayName('a\u200cb')).toBe('ab');
  });

  it('has at most 64 characters and 128 units, and is not cut within a character', () => {
    expect(displayName('x'.repeat(64))).toBe('x'.repeat(64));
    expect(displayName('x'.repeat(65))).toBe('x'.repeat(64));
    expect(displayName('👩‍🚀'.repeat(30))).toBe('👩‍🚀'.repeat(25));
    expect(displayName('😀'.repeat(65))).toBe('😀'.repeat(64));
    expect(displayName(`${'x'.repeat(63)} yz`)).toBe('x'.repeat(63));
    expect(displayName(`${'\u200b'.repeat(1_024)}late`)).toBeUndefined();
  });

  it.each([undefined, 7, null, '', ' ', '\u200b', '\u2800', '\u0001'])(
    'is none where nothing is visible: %j',
    (claim) => {
      expect(displayName(claim)).toBeUndefined();
    },
  );
});

it.each([
  ['', true],
  [' \t\n\u3000\u00a0', true],
  ['\u200b\u2060\ufeff\u00ad', true],
  ['\u2800\u2d7f\ufffc\u{13430}\u{1d159}', true],
  ['.', false],
  [' a ', false],
  ['\u0301', false],
  ['😀', false],
])('whether %j is blank: %s', (text, expected) => expect(isBlank(text)).toBe(expected));

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { TestIssuer } from './issuer.ts';

let issuer: TestIssuer;
let verifier: JwtVerifier;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  verifier = issuer.verifier();
});
afterAll(() => issuer.stop());

async function actorNamed(name: string, sub = 'mallory') {
  return (await verifier.verify(issuer.token({ claims: { sub, name } }))).actor;
}

const ALICE = 'alice';

/** Strings that differ from "alice" only in invisible characters, so that they look the same. */
const invisible: Record<string, string> = {
  'a zero width space': 'al\u200bice',
  'a zero width non-joiner': 'al\u200cice',
  'a zero width joiner': 'al\u200dice',
  'a word joiner': 'al\u2060ice',
  'a soft hyphen': 'al\u00adice',
  'a variation selector': 'alice\ufe0f',
  'a text variation selector': 'al\ufe0eice',
  'an ideographic variation selector': 'alice\u{e0100}',
  'a combining grapheme joiner': 'al\u034fice',
  'a byte order mark': '\ufeffalice',
  'a left-to-right mark': 'alice\u200e',
  'a right-to-left mark': '\u200falice',
  'an Arabic letter mark': 'ali\u061cce',
  'a left-to-right override': '\u202dalice\u202c',
  'a first strong isolate': '\u2068alice\u2069',
  'an invisible separator': 'al\u2063ice',
  'an invisible plus': 'alice\u2064',
  'a deprecated format character': 'al\u206aice',
  'a Mongolian vowel separator': 'alice\u180e',
  'a Mongolian free variation selector': 'al\u180bice',
  'a Hangul filler': 'alice\u3164',
  'a half-width Hangul filler': '\uffa0alice',
  'a Hangul choseong filler': 'alice\u115f',
  'a Khmer inherent vowel': 'al\u17b4ice',
  'tag characters': 'alice\u{e0061}\u{e007f}',
  'a shorthand format overlap': 'al\u{1bca0}ice',
  'a musical format control': 'al\u{1d173}ice',
  'a blank Braille pattern': 'alice\u2800',
  'an interlinear annotation anchor': '\ufff9alice',
  'an object replacement character': 'alice\ufffc',
  'a no-break space': '\u00a0alice',
  'an ideographic space': 'alice\u3000',
};

const confusable: Record<string, string> = {
  'a Cyrillic а': '\u0430lice',
  'a Cyrillic с': 'ali\u0441e',
  'a Greek lunate sigma': 'ali\u03f2e',
  'a Cyrillic е': 'alic\u0435',
  'a Ukrainian і': 'al\u0456ce',
  'Cyrillic and all of it': '\u0430l\u0456\u0441\u0435',
  'an Armenian օ-like ı': 'al\u0131ce',
  'a Greek iota': 'al\u03b9ce',
  'a script a': '\u0251lice',
  'mathematical letters': '\u{1d4ea}\u{1d4f5}\u{1d4f2}\u{1d4ec}\u{1d4ee}',
  'full-width letters': '\uff41\uff4c\uff49\uff43\uff45',
  'capitals, whose I is not the I that looks like l': 'ALICE',
  'letters in circles': '\u24d0\u24db\u24d8\u24d2\u24d4',
  'letters in squares': '\u{1f130}\u{1f13b}\u{1f138}\u{1f132}\u{1f134}',
  'the digit 1': 'a1ice',
  'a capital I': 'aIice',
  'a vertical bar': 'a|ice',
  'a Roman numeral ⅼ': 'a\u217cice',
  'a capital letter': 'Alice',
  'a Cherokee letter': 'ali\uabafe',
  'a Hebrew vav for l': 'a\u05d5ice',
};

describe('nobody looks like somebody else (UTS 39 §4, Unicode TR 36)', () => {
  it('forty tricks and more are tried', () => {
    expect(Object.keys(invisible).length + Object.keys(confusable).length).toBeGreaterThanOrEqual(40);
  });

  it.each(Object.entries(invisible))('%s is taken away', async (_trick, name) => {
    expect(name).not.toBe(ALICE);
    expect((await actorNamed(name)).name).toBe(ALICE);
  });

  it.each(Object.entries(confusable))('%s has the same skeleton, and another person', async (_trick, name) => {
    const [alice, mallory] = [await actorNamed(ALICE, 'alice'), await actorNamed(name)];
    expect(mallory.name).not.toBe(ALICE);
    expect(mallory.skeleton).toBe(alice.skeleton);
    expect(mallory.id).not.toBe(alice.id);
  });

  it.each([
    { one: 'Zoë', other: 'Zoe\u0308', what: 'composed and decomposed' },
    { one: 'Zoë', other: 'Zoe\u034f\u0308', what: 'kept apart by a grapheme joiner' },
    { one: '가', other: '\u1100\u1161', what: 'a syllable and its letters' },
    { one: '❤️', other: '❤️\ufe0f\ufe0f', what: 'a selector too many' },
  ])('$one: $what are one name', async ({ one, other }) => {
    expect((await actorNamed(other)).name).toBe((await actorNamed(one)).name);
  });

  it.each([
    { one: 'modern', other: 'rnodern', what: 'rn for m' },
    { one: 'b0b', other: 'bob', what: '0 for o' },
    { one: 'PAUL', other: '\u0420\u0410UL', what: 'Cyrillic capitals' },
    { one: 'ශ්\u200dරී', other: 'ශ්රී', what: 'a joiner that a spelling may have' },
    { one: 'می\u200cخواهم', other: 'میخواهم', what: 'a non-joiner that a spelling may have' },
  ])('$one and $other have one skeleton: $what', async ({ one, other }) => {
    const [first, second] = [await actorNamed(one), await actorNamed(other)];
    expect([first.name, second.name]).toEqual([one, other]);
    expect(second.skeleton).toBe(first.skeleton);
  });

  it.each(['bob', 'alicia', 'alíce', 'al ice', 'アリス', 'alice 2'])('%s is another name', async (name) => {
    expect((await actorNamed(name)).skeleton).not.toBe((await actorNamed(ALICE)).skeleton);
  });

  it.each([
    '👩‍🚀 Mae',
    'Ana ❤️',
    '🏴󠁧󠁢󠁳󠁣󠁴󠁿 Ian',
    '1️⃣ Uno',
    '🏳️‍🌈',
    '👍🏽',
    'ශ්‍රී',
    'می‌خواهم',
    'Зоя',
    '王小明',
    "O'Neill",
    'Łukasz',
  ])('%s stays as it is', async (name) => {
    expect((await actorNamed(name)).name).toBe(name.normalize('NFC'));
  });

  it.each(['\u2800', '\u3164\u2800', '\u{1d159}', '\ufffc', '\u{13441}', '\u{16fe4}', '\u200d\ufe0f', '\u00ad \u2007'])(
    '%j shows nothing and is no name',
    async (name) => {
      expect((await actorNamed(name)).name).toMatch(/^guest-/);
    },
  );

  it('the skeleton is a short hash: as large as the schema says, and no name can be read from it', async () => {
    expect((await actorNamed('A very long name that nobody would want in each of their events')).skeleton).toMatch(
      /^[\w-]{8}$/,
    );
  });
});

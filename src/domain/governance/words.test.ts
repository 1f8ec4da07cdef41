import { describe, expect, it } from 'vitest';
// The real `skeletonOf`, because most tests are about disguised words, and `skeletonOf` undoes the disguise.
import { skeletonOf } from '../../infra/identity/skeleton.ts';
import { processorTime } from '../../infra/testing/processor-time.ts';
import { blockedWords } from './words.ts';

const isBlocked = blockedWords(
  [
    'idiot',
    'ass',
    'kill yourself',
    'go back to your cave',
    'Straße',
    'дурак',
    'баран',
    '笨蛋',
    '馬鹿',
    'バカ・アホ',
    'أحمق',
    'feast',
    'bin',
    'bon',
    'and',
    'sun',
    '混 蛋',
  ],
  skeletonOf,
);

describe('a blocked word is found', () => {
  it.each([
    ['as it is', 'you idiot'],
    ['in any case', 'IDIOT!'],
    ['in letters of another style', 'ｉｄｉｏｔ'],
    ['in mathematical letters', '𝓲𝓭𝓲𝓸𝓽'],
    ['with letters of another script', 'idі\u043et'],
    ['with invisible characters', 'id\u200bi\u00adot'],
    ['struck through', 'i\u0336d\u0336i\u0336o\u0336t\u0336'],
    ['spaced out', 'you i d i o t'],
    ['spaced out by dots', 'i.d.i.o.t'],
    ['spaced out by anything', 'i - d - i _ o * t'],
    ['spaced out, beside a word of one letter', 'I i d i o t'],
    ['spaced out, between words of one letter', 'u a s s !!! a'],
    ['spaced out, with a digit for a letter', 'b 1 n'],
    ['cut by signs', 'id.iot and idi-ot'],
    ['with letters repeated', 'idiooooot'],
    ['with double letters repeated', 'assss'],
    ['with digits and signs for letters', '1d10t'],
    ...['f3ast', 'fe4st', 'fe@st', 'fea5t', 'fea$t', 'feas7', 'b!n', 'b|n', 'b1n', 'b0n', '@nd', '$un'].map(
      (text): [string, string] => [`with one sign for a letter (${text})`, text],
    ),
    ['with two signs in a row', 'a55'],
    ['with other signs in a row', 'a$$'],
    ['with a dot on its capitals', 'İDİOT'],
    ['with hooks under its letters', 'i\u0321d\u0321i\u0321o\u0321t\u0321'],
    ['in boxes', '🅸🅳🅸🅾🆃'],
    ['in circles, white on black', '🅘🅓🅘🅞🅣'],
    ['in flags', '🇮\u200b🇩\u200b🇮\u200b🇴\u200b🇹'],
    ['in small capitals', 'ɪᴅɪᴏᴛ'],
    ['backwards, and shown forwards', '\u202etoidi uoy'],
    ['as a phrase, spaced out', 'k i l l y o u r s e l f'],
    ['as a phrase in one word', 'killyourself'],
    ['cut by several signs', 'id...iot'],
    ['in Chinese, written with a space in the list', '你是混蛋啊'],
    ['as a phrase', 'go and Kill   yourself now'],
    ['as a phrase over signs', 'kill, yourself'],
    ['as a phrase of five words', 'now go back to your cave!'],
    ['in German, where ß is ss', 'STRASSE'],
    ['in Russian', 'Ты ДУРАК'],
    ['in Russian, with Latin letters', 'дyрaк'],
    ['in Chinese, which has no spaces', '你是个笨蛋吗'],
    ['in Japanese', 'この馬鹿が'],
    ['in Japanese, with a dot between two words', 'このバカ・アホが'],
    ['in Chinese, spaced out', '你是个笨 蛋吗'],
    ['in Arabic', 'يا أحمق'],
  ])('%s', (_how, text) => expect(isBlocked(text)).toBe(true));
});

describe('a word is what an operator wrote', () => {
  it.each([
    ['a$$', 'what an ass'],
    ['$hit', 'shit happens'],
    ['sh!t', 'shit happens'],
    ['b4d', 'so bad'],
    ['idiot!', 'an idiot'],
    ['"idiot"', 'an idiot'],
    ['@bob', 'hi bob'],
    ['🅱🅰🅳', 'so bad'],
    ['m4', 'an m4'],
    ['くそ', 'くそだ'],
    ['く', 'くそだ'],
    ['בית', 'בית ספר'],
  ])('%s is found in "%s"', (word, text) => expect(blockedWords([word], skeletonOf)(text)).toBe(true));

  it.each([
    ['a$$', 'this is a test'],
    ['a**', 'this is a test'],
    ['$hit', 'a big hit'],
    ['c++', 'vitamin c'],
    ['m4', 'ma bonne'],
    ['88', 'use 8.8.8.8 or 1.8.8'],
    ['sa', 'made in the U.S.A. or U. S. A.'],
    ['くそ', 'そうですね'],
    ['ノロ', '人口が増えた'],
    ['キノコ', 'キコ'],
    ['בית', 'בת'],
  ])('%s is not found in "%s"', (word, text) => expect(blockedWords([word], skeletonOf)(text)).toBe(false));
});

describe('what holds no blocked word is let through', () => {
  it.each([
    ['a word that holds it', 'a class, an assassin, an idiotic idea'],
    ['a longer word, spelled out', 'c-l-a-s-s, c l a s s y'],
    ['its letters in two words', 'as sure as can be'],
    ['a part of a phrase', 'kill time, be yourself'],
    ['another word of Russian', 'барабан'],
    ['single letters that spell nothing', 'a b c'],
    ['double letters', 'bookkeeper'],
    ['nothing', ''],
    ['signs', '!!! $$$ 100 @@'],
    ['an emoji', '👨‍👩‍👧‍👦'],
  ])('%s', (_what, text) => expect(isBlocked(text)).toBe(false));

  it('without any words, everything is', () => {
    const none = blockedWords([], skeletonOf);
    expect([none(''), none('idiot')]).toEqual([false, false]);
    expect(blockedWords([' ', '…'], skeletonOf)('anything … at all')).toBe(false);
  });
});

it('takes at most 5 ms of processor time for 2 KB and 1,000 words, whatever the text (a hundred texts, each measured)', async () => {
  const words = Array.from({ length: 900 }, (_, n) => `word${n.toString(36)}`);
  const phrases = Array.from({ length: 50 }, (_, n) => `kill the ${n.toString(36)}`);
  const unspaced = Array.from({ length: 50 }, (_, n) => `笨${String.fromCharCode(0x4e00 + n)}`);
  const check = blockedWords([...words, ...phrases, ...unspaced], skeletonOf);
  const texts = ['i.', 'aaa', 'a b ', 'ß', '笨', '𝓲', 'kill the ', '1!', 'word', 'a\u0336'].map((part) => {
    const units = Math.floor(2_048 / new TextEncoder().encode(part).length);
    return part.repeat(units);
  });
  const times: number[] = [];
  for (let n = 0; n < 100; n++) {
    times.push(await processorTime(() => expect(check(texts[n % texts.length]!)).toBe(false)));
  }
  // Each text was measured ten times. Only its fastest run counts, because the first runs are before the JIT compiles.
  for (const [index] of texts.entries()) {
    expect(Math.min(...times.filter((_, n) => n % texts.length === index))).toBeLessThan(5);
  }
});

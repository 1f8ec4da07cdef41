import { describe, expect, it } from 'vitest';
import { readAsked } from './ask.ts';

const person = 'b'.repeat(22);
const hyphen = `-${'b'.repeat(21)}`;

describe('npm run erase', () => {
  it.each([
    [['--person', person], { person }],
    [['--person', hyphen, '--yes'], { person: hyphen }],
    [[`--person=${hyphen}`], { person: hyphen }],
    [['--message', `${person}:1`], { room: 'lobby', message: `${person}:1` }],
    [['--room', 'attic', '--message', `${hyphen}:1`], { room: 'attic', message: `${hyphen}:1` }],
  ])('%j names what is erased', (args, target) => expect(readAsked(args).target).toEqual(target));

  it.each([
    [[], /npm run erase --/],
    [['--person', person, '--message', `${person}:1`], /not both/],
    [['--person', person, '--room', 'attic'], /in every room/],
    [['--person', 'bob'], /22 characters/],
    [['--message', person], /PERSON:ID/],
    [['--message', `${person}:1`, '--room', '../x'], /cannot be a room/],
    [[hyphen], /Unexpected argument/],
  ])('%j is refused with a sentence', (args, sentence) => expect(() => readAsked(args)).toThrow(sentence));
});

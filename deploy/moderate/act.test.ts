import { describe, expect, it } from 'vitest';
import { readAct } from './act.ts';

const person = 'b'.repeat(22);
const message = `${person}:1`;
const hyphen = `-${'b'.repeat(21)}`;
const hyphens = `--${'b'.repeat(20)}`;
const frame = (...args: string[]) => (readAct(args).act as { frame: unknown }).frame;

describe('npm run moderate', () => {
  it.each([
    [['delete', message, '--reason', 'spam'], { action: 'deleteMessage', target: message, reason: 'spam' }],
    [['ban', person], { action: 'banPerson', person }],
    [['ban', person, '--for', '1d', '--hide'], { action: 'banPerson', person, seconds: 86_400, hide: true }],
    [['ban', person, '--for', '10m'], { action: 'banPerson', person, seconds: 600 }],
    [['unban', person], { action: 'unbanPerson', person }],
    [['slow', '10'], { action: 'changeRoom', slow: 10 }],
    [['slow', '0'], { action: 'changeRoom', slow: 0 }],
    [['lock'], { action: 'changeRoom', locked: true }],
    [['unlock'], { action: 'changeRoom', locked: false }],
    [['pin', message], { action: 'changeRoom', pinned: message }],
    [['unpin'], { action: 'changeRoom', pinned: null }],
    [['ban', hyphen, '--hide'], { action: 'banPerson', person: hyphen, hide: true }],
    [['ban', '--for', '10m', '--', hyphen], { action: 'banPerson', person: hyphen, seconds: 600 }],
    [['--room', 'attic', 'unban', hyphens], { action: 'unbanPerson', person: hyphens }],
    [['delete', `${hyphen}:1`, '--reason', 'spam'], { action: 'deleteMessage', target: `${hyphen}:1`, reason: 'spam' }],
    [['pin', `${hyphens}:-`], { action: 'changeRoom', pinned: `${hyphens}:-` }],
  ])('%j is a command of the protocol', (args, expected) => expect(frame(...args)).toEqual(expected));

  it('knows the stack, the room and the way of answering', () => {
    expect(readAct(['--stage', 'prod', '--room', 'attic', 'reports', '--json'])).toEqual({
      ...{ stack: ['--stage', 'prod'], room: 'attic', json: true, act: { kind: 'reports' } },
    });
    expect(readAct(['words', 'add', 'a', 'b c'])).toMatchObject({
      ...{ stack: [], room: 'lobby', act: { kind: 'change words', add: ['a', 'b c'], remove: [] } },
    });
    expect(readAct(['words']).act).toEqual({ kind: 'words' });
  });

  it.each([
    [[], /npm run moderate --/],
    [['dance'], /no act "dance"/],
    [['ban'], /id of a person/],
    [['ban', message], /id of a person/],
    [['ban', person, person], /nothing more/],
    [['lock', 'news'], /takes nothing more, not "news"\. Name the room with --room\./],
    [['unlock', 'news'], /takes nothing more/],
    [['unpin', 'x'], /takes nothing more/],
    [['reports', 'garden'], /takes nothing more/],
    [['log', 'garden'], /takes nothing more/],
    [['unban', person, '--reason', 'spam'], /The act unban takes no --reason\./],
    [['slow', '10', '--for', '1h'], /The act slow takes no --for\./],
    [['lock', '--hide'], /The act lock takes no --hide\./],
    [['ban', person, '--for', '1y'], /such as 10m/],
    [['ban', person, '--for', '9999d'], /a year at most/],
    [['delete', person], /id of a message/],
    [['delete', message, '--reason', 'ugly'], /one of spam/],
    [['slow', '3601'], /0 to 3600/],
    [['slow', '-1'], /./],
    [['words', 'add'], /words add WORD/],
    [['lock', '--room', '../x'], /^"\.\.\/x" cannot be a room\.$/],
  ])('%j is refused with a sentence', (args, sentence) => expect(() => readAct(args)).toThrow(sentence));
});

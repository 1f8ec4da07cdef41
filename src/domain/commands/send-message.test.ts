import { describe, expect, it } from 'vitest';
import { noRules } from '../governance/rules.ts';
import type { Context, State } from './command.ts';
import { sendMessage } from './send-message.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const context: Context = { room: 'lobby', actor, clientMessageId: 'm1', at: 42, limits: { textGraphemes: 500 } };
function post(text: string, textGraphemes = 500) {
  const [frame, within] = [
    { action: 'sendMessage' as const, text },
    { ...context, limits: { textGraphemes } },
  ];
  const event = sendMessage.decide(frame, {}, within);
  const refusal = sendMessage.refusal!(frame, {}, within);
  if (refusal) throw refusal;
  return event;
}
const refused = (text: string, code: string, limit = 500) => {
  expect(() => post(text, limit)).toThrow(expect.objectContaining({ code, clientMessageId: 'm1' }));
};

describe('sendMessage', () => {
  it('given a text, decides a complete event under the key of sender and message', () => {
    expect(post('hello')).toStrictEqual({
      room: 'lobby',
      id: `${actor.id}:m1`,
      type: 'MessagePosted',
      v: 1,
      at: 42,
      actor,
      data: { text: 'hello' },
    });
  });

  it('carries the trace of the invocation that appended it', () => {
    const traced = { ...context, trace: 'Root=1-2' };
    expect(sendMessage.decide({ action: 'sendMessage', text: 'hello' }, {}, traced).trace).toBe('Root=1-2');
  });

  it('counts what people see: a family emoji is one character', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(post(family.repeat(5), 5).data).toEqual({ text: family.repeat(5) });
    refused(family.repeat(6), 'too_large', 5);
  });

  it('bounds bytes where graphemes do not: 10,000 combining marks are one character', () => {
    refused(`a${'\u0301'.repeat(10_000)}`, 'too_large');
    refused('x'.repeat(10_000), 'too_large');
  });

  it('takes 2,048 bytes and not one more, and says both limits', () => {
    expect(post('x'.repeat(2_048), 3_000).data).toEqual({ text: 'x'.repeat(2_048) });
    refused('x'.repeat(2_049), 'too_large', 3_000);
    expect(() => post('x'.repeat(6), 5)).toThrow(/at most 5 characters and 2048 bytes/);
  });

  it('takes as many characters as the limit says and not one more', () => {
    expect(post('12345', 5).data).toEqual({ text: '12345' });
    refused('123456', 'too_large', 5);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \t\n\u3000'],
    ['invisible characters', '\u200b\u2060\ufeff'],
    ['a lone surrogate', 'a\ud800b'],
    ['a control character', 'a\u0000b'],
    ['a carriage return', 'a\r\nb'],
    ['a C1 control character', 'a\u009bb'],
  ])('refuses %s', (_name, text) => refused(text, 'invalid_message'));

  it.each([
    ['markup, which is only text here', '<img src=x onerror=alert(1)>'],
    ['line breaks and tabs', 'one\n\ttwo'],
    ['right-to-left text with its marks', '\u202bשלום\u202c'],
    ['a flag', '🏳️‍🌈'],
  ])('takes %s', (_name, text) => expect(post(text).data).toEqual({ text }));
});

describe('a rule of the room', () => {
  const refusal = (state: State, by: Context['actor'] = actor) =>
    sendMessage.refusal!({ action: 'sendMessage', text: 'hello' }, state, { ...context, actor: by });
  const moderator = { ...actor, role: 'moderator' } as const;

  it('refuses a blocked word, and does not say which, nor to whom it would be allowed', () => {
    const asked: string[] = [];
    const isBlocked = (text: string) => asked.push(text) > 0;
    const refused = { code: 'forbidden', rule: 'words', clientMessageId: 'm1' };
    for (const by of [actor, moderator]) expect(refusal({ rules: noRules, isBlocked }, by)).toMatchObject(refused);
    expect(refusal({ isBlocked })!.message).toMatch(/word that is blocked/);
    expect(refusal({ isBlocked })!.message).not.toContain('hello');
    expect(new Set(asked)).toEqual(new Set(['hello']));
    expect(refusal({ rules: noRules, isBlocked: () => false })).toBeUndefined();
  });

  it('lets only moderators write where the room is locked, and says so', () => {
    const rules = { ...noRules, locked: true };
    expect(refusal({ rules })).toMatchObject({ code: 'forbidden', rule: 'locked', clientMessageId: 'm1' });
    expect(refusal({ rules })!.message).toMatch(/Only moderators/);
    expect(refusal({ rules }, moderator)).toBeUndefined();
  });

  it('tells a banned person that they are, and until when', () => {
    const banned = (ban: { until?: number }) => refusal({ rules: { ...noRules, bans: { [actor.id]: ban } } });
    expect(banned({ until: Date.UTC(2026, 0, 2) })!.message).toMatch(/banned from this room until 2026-01-02T00:00/);
    expect(banned({})!.message).toMatch(/banned from this room for good/);
  });
});

import { describe, expect, it } from 'vitest';
import type { Context } from './command.ts';
import { sendMessage } from './send-message.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const context: Context = { room: 'lobby', actor, clientMessageId: 'm1', at: 42, limits: { textGraphemes: 500 } };
const post = (text: string, textGraphemes = 500) =>
  sendMessage.decide({ action: 'sendMessage', text }, {}, { ...context, limits: { textGraphemes } });
const refused = (text: string, code: string, limit = 500) => {
  expect(() => post(text, limit)).toThrow(expect.objectContaining({ code, clientMessageId: 'm1' }));
};

describe('sendMessage', () => {
  it('given a text, decides a complete event under the key of sender and message', () => {
    expect(post('hello')).toEqual({
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

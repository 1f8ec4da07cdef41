import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestSocket } from '../socket.ts';
import { type Stack, startStack } from '../stack.ts';

let stack: Stack & AsyncDisposable;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  token = await stack.token('me');
});
afterAll(() => stack?.[Symbol.asyncDispose]());

/** Checks that the server still works. */
afterEach(async () => {
  const socket = await TestSocket.open(stack.ws, { token });
  expect(await socket.ask({ action: 'ping' })).toMatchObject({ type: 'pong' });
  socket.close();
});

describe('a frame that makes no sense gets an error, and the socket stays open', () => {
  it.each([
    ['JSON that is none', '{"action":', 'invalid_message'],
    ['no JSON at all', 'hello', 'invalid_message'],
    ['an array', '[]', 'invalid_message'],
    ['null', 'null', 'invalid_message'],
    ['an object without action', '{}', 'invalid_message'],
    ['an action that is no string', '{"action":5}', 'invalid_message'],
    ['an unknown action', '{"action":"nope"}', 'unknown_action'],
    ['the gateway’s $connect', '{"action":"$connect"}', 'unknown_action'],
    ['the gateway’s $disconnect', '{"action":"$disconnect"}', 'unknown_action'],
    ['the gateway’s $default', '{"action":"$default"}', 'unknown_action'],
    ['an action of every object', '{"action":"__proto__"}', 'unknown_action'],
    ['a text of 0 characters', { action: 'sendMessage', text: '' }, 'invalid_message'],
    ['a text of 10,000 characters', { action: 'sendMessage', text: 'x'.repeat(10_000) }, 'too_large'],
    ['no text', { action: 'sendMessage' }, 'invalid_message'],
    ['a text that is no string', { action: 'sendMessage', text: { $ne: 1 } }, 'invalid_message'],
    ['one property too many', { action: 'sendMessage', text: 'hi', room: 'other' }, 'invalid_message'],
    ['a forged renewal', { action: 'authenticate', token: 'a.b.c' }, 'unauthenticated'],
  ])('%s', async (_, frame, code) => {
    const socket = await TestSocket.open(stack.ws, { token });
    expect(await socket.ask(frame)).toMatchObject({ type: 'error', code, message: expect.any(String) });
    expect(await socket.ask({ action: 'ping' })).toMatchObject({ type: 'pong' });
    socket.close();
  });
});

describe('a frame the gateway does not take closes the socket', () => {
  it.each([
    ['more than 32 KB', 'x'.repeat(32 * 1024 + 1), 1009],
    ['more than 128 KB', 'x'.repeat(128 * 1024 + 1), 1009],
    ['binary', Buffer.from('{"action":"ping"}'), 1003],
    ['text that is no UTF-8', Buffer.from([0xff, 0xfe]), 1007],
  ])('%s', async (name, data, code) => {
    const socket = await TestSocket.open(stack.ws, { token });
    const closed = socket.closed();
    socket.socket.send(data, { binary: name === 'binary' });
    expect(await closed).toBe(code);
  });
});

describe('a handshake is refused', () => {
  const forged = (value: string) => value.replace(/\.[^.]+$/, `.${'A'.repeat(86)}`);

  it.each([
    ['without a token', () => ({}), 401],
    ['with a forged token', () => ({ token: forged(token) }), 401],
    ['with half a token', () => ({ token: token.slice(0, token.length / 2) }), 401],
    [
      'with a forged token among the subprotocols',
      () => ({ protocols: ['shout-box.v1', `bearer.${forged(token)}`] }),
      401,
    ],
    ['from a page of a strange origin', () => ({ token, headers: { Origin: 'https://evil.example' } }), 403],
  ])('%s', async (_, options, status) => {
    await expect(TestSocket.open(stack.ws, options())).rejects.toThrow(`Unexpected server response: ${status}`);
  });

  it('with a token in the query string, even beside a good one', async () => {
    const url = `${stack.ws}?token=${token}`;
    await expect(TestSocket.open(url, { token })).rejects.toThrow('Unexpected server response: 400');
  });
});

describe('a handshake is answered', () => {
  it('with the protocol and never with the token, whatever their order', async () => {
    for (const protocols of [
      ['shout-box.v1', `bearer.${token}`],
      [`bearer.${token}`, 'shout-box.v1'],
    ]) {
      const socket = await TestSocket.open(stack.ws, { protocols });
      expect(socket.socket.protocol).toBe('shout-box.v1');
      socket.close();
    }
  });

  it('with no protocol where none was offered', async () => {
    const socket = await TestSocket.open(stack.ws, { token });
    expect(socket.socket.protocol).toBe('');
    socket.close();
  });
});

it('nothing the stack printed holds the token, wherever it was sent (RFC 6750 §5.3, ASVS 5 16.2.5)', async () => {
  const log = await readFile(join(stack.dataDir, 'local.log'), 'utf8');
  expect(log).toContain('"event":"connect"');
  expect(log + stack.output()).not.toContain(token);
});

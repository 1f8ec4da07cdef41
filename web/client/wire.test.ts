import { describe, expect, it, test } from 'vitest';
import { config } from './testing/room.ts';
import { isConfig, isEventsPage, isHistoryPage, parseFrame } from './wire.ts';

const event = { seq: 1, id: 'a:1', at: 5, actor: { id: 'a', name: 'alice' }, type: 'MessagePosted', data: {} };
const posted = { seq: 1, id: 'a:1', at: 5, actor: { id: 'a', name: 'alice' }, text: 'hello' };
const { text: _, ...numbered } = posted;
const deleted = { ...numbered, deleted: true };

const WHOLE: Readonly<Record<string, object>> = {
  ack: { type: 'ack', clientMessageId: 'c1', id: 'a:c1' },
  pong: { type: 'pong', epoch: 'e1', head: 0 },
  authenticated: { type: 'authenticated', expiresAt: 1 },
  error: { type: 'error', code: 'forbidden', message: 'No.' },
  events: { type: 'events', epoch: 'e1', room: 'lobby', events: [event] },
};

/** Returns copies of the object, each with one field missing, null or of a wrong kind. Always keeps `type`. */
function spoilt(whole: object): [what: string, object][] {
  return Object.entries(whole)
    .filter(([field]) => field !== 'type')
    .flatMap(([field, value]): [string, object][] => [
      [`without ${field}`, Object.fromEntries(Object.entries(whole).filter(([name]) => name !== field))],
      [`${field} of another type`, { ...whole, [field]: typeof value === 'string' ? 7 : 'seven' }],
      [`${field} null`, { ...whole, [field]: null }],
    ]);
}

describe('a frame', () => {
  test.each(Object.entries(WHOLE))('%s is read', (_type, frame) => {
    expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
  });

  test.each(Object.entries(WHOLE).flatMap(([type, frame]) => spoilt(frame).map(([what, bad]) => [type, what, bad])))(
    '%s %s is dropped',
    (_type, _what, frame) => expect(parseFrame(JSON.stringify(frame))).toBeUndefined(),
  );

  it('may say how many are here, as a whole number', () => {
    for (const frame of [WHOLE.pong, WHOLE.events]) {
      expect(parseFrame(JSON.stringify({ ...frame, people: 3 }))).toMatchObject({ people: 3 });
      for (const people of [-1, 0.5, '3', null]) {
        expect(parseFrame(JSON.stringify({ ...frame, people }))).toBeUndefined();
      }
    }
  });

  test.each(['', '<html>', 'null', '7', '"ack"', '[]', '{}', '{"type":"toString"}', '{"type":"hello"}', undefined])(
    'that is none is dropped: %s',
    (data) => expect(parseFrame(data)).toBeUndefined(),
  );

  test.each(spoilt(event).filter(([what]) => what !== 'type'))('with an event %s is dropped', (_what, bad) => {
    expect(parseFrame(JSON.stringify({ ...WHOLE.events, events: [event, bad] }))).toBeUndefined();
  });

  it('with an event whose type is missing, or whose number is none, is dropped', () => {
    const { type: _, ...typeless } = event;
    for (const bad of [typeless, ...[0, -1, 1.5, 2 ** 53].map((seq) => ({ ...event, seq }))]) {
      expect(parseFrame(JSON.stringify({ ...WHOLE.events, events: [bad] }))).toBeUndefined();
    }
  });

  it('with an actor without id or name is dropped', () => {
    for (const [, actor] of spoilt(event.actor)) {
      expect(parseFrame(JSON.stringify({ ...WHOLE.events, events: [{ ...event, actor }] }))).toBeUndefined();
    }
  });

  it('of the gateway itself says that it is unavailable', () => {
    const gateway = { message: 'Internal server error', connectionId: 'x', requestId: 'y' };
    expect(parseFrame(JSON.stringify(gateway))).toEqual({
      ...{ type: 'error', code: 'unavailable', message: 'Internal server error' },
    });
    expect(parseFrame(JSON.stringify({ message: 'Something else' }))).toBeUndefined();
    expect(parseFrame(JSON.stringify({ requestId: 'y' }))).toBeUndefined();
    expect(parseFrame(JSON.stringify({ ...gateway, type: 'later' }))).toBeUndefined();
  });
});

describe('the answers over HTTP', () => {
  const settings = { webSocketUrl: config.webSocketUrl, issuer: config.issuer, limits: config.limits };
  const position = { epoch: 'e1', head: 1 };
  const history = { ...position, messages: [posted, deleted], nextBefore: 1 };
  const events = { ...position, events: [event] };

  it('are taken where they are whole', () => {
    expect([isConfig(config), isConfig(settings)]).toEqual([true, true]);
    expect([isHistoryPage(history), isHistoryPage({ ...history, nextBefore: null })]).toEqual([true, true]);
    expect([isEventsPage(events), isEventsPage({ ...events, events: [] })]).toEqual([true, true]);
  });

  test.each(spoilt(settings))('settings %s are not taken', (_what, bad) => expect(isConfig(bad)).toBe(false));
  test.each(['webSocketUrl', 'issuer'])('settings with an address that is not safe are not taken: %s', (field) => {
    expect(isConfig({ ...settings, [field]: 'http://elsewhere.example' })).toBe(false);
  });
  test.each(spoilt(history).filter(([what]) => what !== 'nextBefore null'))(
    'a page of history %s is not taken',
    (_what, bad) => expect(isHistoryPage(bad)).toBe(false),
  );
  test.each(spoilt(events))('a page of events %s is not taken', (_what, bad) => expect(isEventsPage(bad)).toBe(false));
  test.each([...spoilt(posted), ...spoilt(deleted), ['deleted: false', { ...numbered, deleted: false }]])(
    'a message %s is not taken',
    (_what, bad) => expect(isHistoryPage({ ...history, messages: [posted, bad] })).toBe(false),
  );

  test.each([undefined, null, '<html>', 7])('what is no object is not taken: %s', (body) => {
    expect([isConfig(body), isHistoryPage(body), isEventsPage(body)]).toEqual([false, false, false]);
  });
});

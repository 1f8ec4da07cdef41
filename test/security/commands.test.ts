import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { examples } from '../../schemas/examples.ts';
import { actorId } from '../../src/infra/identity/actor.ts';
import { BackEnd } from './back-end.ts';

let backEnd: BackEnd;
let alice: string;
let guest: string;

beforeAll(async () => {
  // Sets a rate that no test reaches, because rates have their own suite.
  backEnd = await BackEnd.start({ GUESTS: 'true', RATE_BURST: '1000000', MODERATORS: 'moderator' });
});
afterAll(() => backEnd.stop());
beforeEach(async () => {
  [alice, guest] = await Promise.all([backEnd.connectedAs('alice'), backEnd.guest()]);
});
afterEach(async () => {
  await Promise.all([backEnd.disconnect(alice), backEnd.disconnect(guest)]);
  backEnd.log.expectClean();
});

const actor = (sub: string) => actorId(backEnd.issuer.url, sub);

describe('who may do what (ASVS 5 8.2.1, 8.2.2)', () => {
  describe.each(examples)('$action', (frame) => {
    const refuses = async (connection: string, sent: object, code: string) => {
      const before = await backEnd.eventsInLog();
      expect(await backEnd.send(connection, sent)).toMatchObject({ type: 'error', code });
      expect(await backEnd.eventsInLog()).toEqual(before);
    };

    it('is not for guests', () => refuses(guest, frame, 'unauthenticated'));

    it('is not for a connection that was never opened', () => refuses('no-such-connection', frame, 'unauthenticated'));

    it('takes nobody’s word for who they are', async () => {
      for (const more of [{ actor: { id: actor('bob') } }, { by: actor('bob') }, { role: 'moderator' }]) {
        await refuses(alice, { ...frame, ...more }, 'invalid_message');
      }
    });
  });

  it('a connection that was never opened may do nothing', async () => {
    for (const frame of [{ action: 'sendMessage', text: 'from nowhere' }, { action: 'ping' }]) {
      expect(await backEnd.send('no-such-connection', frame)).toMatchObject({ code: 'unauthenticated' });
    }
  });

  it.each([
    { attack: 'somebody else’s message', target: () => `${actor('bob')}:bobs`, code: 'forbidden' },
    { attack: 'one that is not there', target: () => `${actor('alice')}:never-sent`, code: 'invalid_message' },
    { attack: 'one’s own in another room', target: () => `${actor('alice')}:elsewhere`, code: 'invalid_message' },
    { attack: 'by a pattern', target: () => `${actor('alice')}:*`, code: 'invalid_message' },
    { attack: 'by an operator', target: () => ({ begins_with: '' }), code: 'invalid_message' },
  ])('nobody deletes $attack: $code', async ({ target, code }) => {
    const [bob, elsewhere] = await Promise.all([backEnd.connectedAs('bob'), backEnd.connectedAs('alice', 'other')]);
    await backEnd.send(bob, { action: 'sendMessage', text: 'said by bob', clientMessageId: 'bobs' });
    await backEnd.send(elsewhere, { action: 'sendMessage', text: 'said elsewhere', clientMessageId: 'elsewhere' });
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(alice, { action: 'deleteMessage', target: target() })).toMatchObject({ code });
    expect(await backEnd.eventsInLog()).toEqual(before);
    await Promise.all([backEnd.disconnect(bob), backEnd.disconnect(elsewhere)]);
  });

  it('a moderator deletes it, and the place says so; somebody with a role of their own making does not', async () => {
    const target = (await backEnd.send(alice, { action: 'sendMessage', text: 'to be removed' })).id;
    const frame = { action: 'deleteMessage', target, reason: 'abuse' };
    const forged = await backEnd.connected({
      token: backEnd.token({ sub: 'mallory', role: 'moderator', roles: ['Moderator'] }),
    });
    expect(await backEnd.send(forged, frame)).toMatchObject({ code: 'forbidden' });
    const moderator = await backEnd.connected({ token: backEnd.token({ sub: 'mod', roles: ['moderator'] }) });
    expect(await backEnd.send(moderator, { ...frame, reason: 'because' })).toMatchObject({ code: 'invalid_message' });
    expect(await backEnd.send(moderator, frame)).toMatchObject({ type: 'ack' });
    const found = (await backEnd.eventsInLog()).find(({ id }) => id === target);
    expect(found).toMatchObject({ data: { deleted: true, byModerator: true } });
    // Only a moderator's pong names the role.
    expect(await backEnd.send(moderator, { action: 'ping' })).toMatchObject({ type: 'pong', role: 'moderator' });
    expect(await backEnd.send(forged, { action: 'ping' })).not.toHaveProperty('role');
    await Promise.all([forged, moderator].map((id) => backEnd.disconnect(id)));
  });

  it('a deletion under the id of its own target is a conflict, and the message stays', async () => {
    const clientMessageId = 'stays';
    const { id } = await backEnd.send(alice, { action: 'sendMessage', text: 'this one stays', clientMessageId });
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(alice, { action: 'deleteMessage', target: id, clientMessageId })).toMatchObject({
      code: 'conflict',
      clientMessageId,
    });
    expect(await backEnd.eventsInLog()).toEqual(before);
  });
});

describe('deleting what is deleted', () => {
  it('appends nothing, however often and at once, and is acknowledged', async () => {
    const { id } = await backEnd.send(alice, { action: 'sendMessage', text: 'deleted by many' });
    const raced = await Promise.all(
      Array.from({ length: 10 }, () => backEnd.send(alice, { action: 'deleteMessage', target: id })),
    );
    const again = await backEnd.send(alice, { action: 'deleteMessage', target: id, clientMessageId: 'too-late' });
    expect(again).toEqual({ type: 'ack', clientMessageId: 'too-late', id, deleted: true });
    expect(new Set(raced.map(({ type }) => type))).toEqual(new Set(['ack']));
    const deletions = (await backEnd.eventsInLog()).filter(({ data }) => (data as { target?: string }).target === id);
    expect(deletions).toHaveLength(1);
  });

  it('is acknowledged as itself where it comes again because its answer was lost', async () => {
    const { id } = await backEnd.send(alice, { action: 'sendMessage', text: 'deleted once' });
    const frame = { action: 'deleteMessage', target: id, clientMessageId: 'deletion' };
    const first = await backEnd.send(alice, frame);
    expect(first).toEqual({ type: 'ack', clientMessageId: 'deletion', id: `${actor('alice')}:deletion` });
    expect(await backEnd.send(alice, frame)).toEqual(first);
  });
});

describe('one clientMessageId (I2, ASVS 5 2.3.4)', () => {
  it('with the same body again is acknowledged again and in the log once; with another body it is a conflict', async () => {
    const frame = { action: 'sendMessage', text: 'said only once', clientMessageId: 'again' };
    const first = await backEnd.send(alice, frame);
    expect(first).toMatchObject({ type: 'ack', clientMessageId: 'again' });
    const before = await backEnd.eventsInLog();
    expect(await backEnd.send(alice, frame)).toEqual(first);
    expect(await backEnd.send(alice, { ...frame, text: 'said otherwise' })).toMatchObject({
      code: 'conflict',
      clientMessageId: 'again',
    });
    expect(await backEnd.eventsInLog()).toEqual(before);
  });

  it('of a deleted message is acknowledged as deleted, whatever the text, and never as sent', async () => {
    const frame = { action: 'sendMessage', text: 'soon deleted', clientMessageId: 'reused' };
    const { id } = await backEnd.send(alice, frame);
    await backEnd.send(alice, { action: 'deleteMessage', target: id });
    const before = await backEnd.eventsInLog();
    for (const text of ['soon deleted', 'something else']) {
      const answer = await backEnd.send(alice, { ...frame, text });
      expect(answer).toEqual({ type: 'ack', clientMessageId: 'reused', id, deleted: true });
    }
    expect(await backEnd.eventsInLog()).toEqual(before);
  });

  it('of another person is another message', async () => {
    const bob = await backEnd.connectedAs('bob');
    const frame = { action: 'sendMessage', text: 'said by two people', clientMessageId: 'shared' };
    const answers = await Promise.all([backEnd.send(alice, frame), backEnd.send(bob, frame)]);
    expect(answers.map(({ id }) => id)).toEqual([`${actor('alice')}:shared`, `${actor('bob')}:shared`]);
    await backEnd.disconnect(bob);
  });

  it('raced over ten connections is in the log once, whichever body won', async () => {
    const own = await Promise.all(Array.from({ length: 10 }, () => backEnd.connectedAs('carol')));
    const answers = await Promise.all(
      own.map((id, index) =>
        backEnd.send(id, { action: 'sendMessage', text: `race of bodies ${index % 2}`, clientMessageId: 'race' }),
      ),
    );
    expect(answers.filter(({ type }) => type === 'ack')).toHaveLength(5);
    expect(answers.filter(({ code }) => code === 'conflict')).toHaveLength(5);
    const raced = (await backEnd.eventsInLog()).filter(({ id }) => id === `${actor('carol')}:race`);
    expect(raced).toHaveLength(1);
    await Promise.all(own.map((id) => backEnd.disconnect(id)));
  });
});

describe('texts that would be dangerous where they are interpreted are kept as they are (ASVS 5 1.1.2)', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>',
    '[click](javascript:alert(1))',
    'javascript:alert(document.domain)',
    '\u202Egnp.exe\u202C is not what it seems',
    '{{constructor.constructor("alert(1)")()}}',
    '"},{"seq":1,"text":"forged',
    '=HYPERLINK("https://evil.example")',
    `Z${'\u0301'.repeat(1_000)}`,
    'two\nlines\tand a tab',
    'line\u2028separator',
  ])('%j', async (text) => {
    const answer = await backEnd.send(alice, { action: 'sendMessage', text });
    expect(answer).toMatchObject({ type: 'ack' });
    expect(await backEnd.eventsInLog()).toContainEqual(
      expect.objectContaining({ id: answer.id, room: 'lobby', type: 'MessagePosted', data: { text } }),
    );
  });
});

it('an event holds who the token named and nothing a frame could say (ASVS 5 8.3.1)', async () => {
  const name = 'Eve\r\n{"level":"info","event":"forged"}';
  const eve = await backEnd.connected({ token: backEnd.token({ sub: 'eve', name }) });
  const { id } = await backEnd.send(eve, { action: 'sendMessage', text: 'who am I?', clientMessageId: 'who' });
  const event = (await backEnd.eventsInLog()).find((item) => item.id === id);
  expect(event).toEqual({
    room: 'lobby',
    id: `${actor('eve')}:who`,
    type: 'MessagePosted',
    v: 1,
    at: expect.closeTo(Date.now(), -5),
    actor: { id: actor('eve'), name: 'Eve {"level":"info","event":"forged"}', skeleton: expect.any(String) },
    data: { text: 'who am I?' },
  });
  expect(backEnd.log.entries().map(({ event }) => event)).not.toContain('forged');
  await backEnd.disconnect(eve);
});

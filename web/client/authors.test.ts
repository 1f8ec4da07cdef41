import { expect, test } from 'vitest';
import type { ClientFrame } from '../../src/domain/schema.generated.ts';
import { personOf } from './credentials.ts';
import { FakeStorage } from './testing/fake-storage.ts';
import { liveReader, reader } from './testing/reader.ts';
import { FakeRoom, type FakeSocket, token } from './testing/room.ts';

const tokens = { alice: token({ sub: 'alice', exp: 2e9 }), bob: token({ sub: 'bob', exp: 2e9 }) };
type Name = keyof typeof tokens;

/** Creates options of a client, and the state that they read: who is signed in, and whether the issuer answers. */
function people(shown: Name | undefined, issuer = { answers: true }) {
  const now = { shown, issuer };
  const options = {
    person: () => (now.shown ? personOf(tokens[now.shown]) : undefined),
    getToken: async () => {
      if (!now.issuer.answers) throw new TypeError('Failed to fetch');
      return now.shown && tokens[now.shown];
    },
  };
  return { now, options };
}

const textsOf = (outgoing: readonly { text: string }[]) => outgoing.map(({ text }) => text);

/** Returns the messages that the server was asked to post, each with its author's name in front. */
function posted({ sockets }: FakeRoom): string[] {
  const nameOf = (jwt: string | undefined) => Object.entries(tokens).find(([, one]) => one === jwt)?.[0];
  const tokenOf = ({ protocols, sent }: FakeSocket) =>
    sent.find((frame) => frame.action === 'authenticate')?.token ?? protocols[1]?.replace('bearer.', '');
  return sockets.flatMap((socket) =>
    socket.sent.flatMap((frame: ClientFrame) =>
      frame.action === 'sendMessage' ? `${nameOf(tokenOf(socket))}: ${frame.text}` : [],
    ),
  );
}

test('what somebody wrote before there was a token is theirs: it is shown to nobody else and waits for them', async () => {
  const { now, options } = people('alice', { answers: false });
  const { client, clock, room } = await liveReader(options);
  client.post('private');
  expect(textsOf(client.snapshot.outgoing)).toEqual(['private']);
  for (const shown of [undefined, 'bob'] as const) {
    now.shown = shown;
    now.issuer.answers = true;
    await client.refreshToken();
    await clock.advance(60_000);
    expect(client.snapshot.outgoing).toEqual([]);
  }
  client.post('from bob');
  await clock.advance(1_000);
  expect(posted(room)).toEqual(['bob: from bob']);
  now.shown = 'alice';
  await client.refreshToken();
  await clock.advance(60_000);
  expect(posted(room)).toEqual(['bob: from bob', 'alice: private']);
});

test('it is no longer shown as soon as they are not, however long the next token takes', async () => {
  const { now, options } = people('alice', { answers: false });
  const { client, clock } = await liveReader(options);
  client.post('private');
  now.shown = undefined;
  void client.refreshToken();
  expect(client.snapshot.outgoing).toEqual([]);
  await clock.advance(60_000);
  expect(client.snapshot.outgoing).toEqual([]);
});

test('it outlives the page that was left before there was a token', async () => {
  const storage = new FakeStorage();
  const { now, options } = people('alice', { answers: false });
  const left = await liveReader({ ...options, storage });
  left.client.post('private');
  left.client.close();
  now.issuer.answers = true;
  const { client, clock, room } = await liveReader({ ...options, storage });
  await clock.advance(5_000);
  expect(posted(room)).toEqual(['alice: private']);
  expect([client.snapshot.outgoing, storage.length]).toEqual([[], 0]);
});

test('what waits from the last page is shown to its author while the issuer does not answer', async () => {
  const storage = new FakeStorage();
  const { options } = people('alice', { answers: false });
  const left = await liveReader({ ...options, storage });
  left.client.post('private');
  left.client.close();
  const { client } = reader({ ...options, storage });
  client.open();
  await client.prepare();
  expect(textsOf(client.snapshot.outgoing)).toEqual(['private']);
});

test('what a guest wrote belongs to the first who signs in, and to nobody after them', async () => {
  const { now, options } = people(undefined);
  const { client, clock, room } = await liveReader(options);
  client.post('as a guest');
  expect(textsOf(client.snapshot.outgoing)).toEqual(['as a guest']);
  now.issuer.answers = false;
  now.shown = 'alice';
  await client.refreshToken();
  now.issuer.answers = true;
  now.shown = 'bob';
  await client.refreshToken();
  await clock.advance(60_000);
  expect([client.snapshot.outgoing, posted(room)]).toEqual([[], []]);
});

test('whoever signs out leaves what waits for others', async () => {
  const { now, options } = people('alice', { answers: false });
  const { client, clock, room } = await liveReader(options);
  client.post('private');
  now.shown = 'bob';
  await client.refreshToken();
  client.post('from bob');
  client.clear();
  now.issuer.answers = true;
  now.shown = 'alice';
  await client.refreshToken();
  await clock.advance(60_000);
  expect(posted(room)).toEqual(['alice: private']);
});

test('nothing goes out over the connection of another person, who has just been replaced', async () => {
  const storage = new FakeStorage();
  const bob = people('bob', { answers: false });
  const left = await liveReader({ ...bob.options, storage });
  left.client.post('from bob');
  left.client.close();
  const { now, options } = people('alice');
  const { client, clock, room } = await liveReader({ ...options, storage });
  now.shown = 'bob';
  await client.refreshToken();
  await clock.advance(5_000);
  expect(posted(room)).toEqual(['bob: from bob']);
});

test('where the token alone says who it is, another token that getToken gives sends nothing of the first', async () => {
  let jwt: string | undefined = tokens.alice;
  const room = new FakeRoom();
  const { client, clock } = await liveReader({ getToken: async () => jwt }, room);
  room.onFrame = () => {};
  client.post('from alice');
  await clock.advance(100);
  for (jwt of [undefined, tokens.bob]) {
    await client.refreshToken();
    await clock.advance(60_000);
    expect(client.snapshot.outgoing).toEqual([]);
  }
  expect(posted(room)).toEqual(['alice: from alice']);
});

test('what waits for somebody else does not keep a connection that nobody looks at', async () => {
  const { now, options } = people('alice', { answers: false });
  let watched = true;
  const { client, clock } = await liveReader({ ...options, watched: () => watched });
  client.post('private');
  now.shown = undefined;
  now.issuer.answers = true;
  await client.refreshToken();
  watched = false;
  client.wake();
  await clock.advance(6 * 60_000);
  expect(client.snapshot.connection).toBe('resting');
});

test('signing out takes what the person left in other rooms of the server along, and nobody else’s', async () => {
  const storage = new FakeStorage();
  const leave = async (name: Name, server: string, room: string) => {
    const { options } = people(name, { answers: false });
    const left = await liveReader({ ...options, storage, server, room, createId: () => name });
    left.client.post(`${name} in ${room}`);
    left.client.close();
  };
  await leave('alice', 'https://api.example/', 'garden');
  await leave('bob', 'https://api.example/', 'garden');
  await leave('alice', 'https://other.example/', 'garden');
  const { options } = people('alice', { answers: false });
  const { client } = await liveReader({ ...options, storage });
  client.post('alice in lobby');
  client.clear();
  const keys = Array.from({ length: storage.length }, (_, index) => storage.getItem(storage.key(index)!)!);
  const left = keys.map((item) => JSON.parse(item).command.text);
  expect(left.sort()).toEqual(['alice in garden', 'bob in garden']);
  expect(client.snapshot.outgoing).toEqual([]);
});

test('a sign-out of somebody else leaves the words of who is here, and takes theirs', async () => {
  const { now, options } = people('alice', { answers: false });
  const { client } = await liveReader(options);
  client.post('from alice');
  now.shown = 'bob';
  await client.refreshToken();
  client.post('from bob');
  client.clear(personOf(tokens.alice));
  expect(textsOf(client.snapshot.outgoing)).toEqual(['from bob']);
  now.shown = 'alice';
  await client.refreshToken();
  expect(textsOf(client.snapshot.outgoing)).toEqual([]);
});

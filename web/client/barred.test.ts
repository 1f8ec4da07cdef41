import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/domain/schema.generated.ts';
import { reader } from './testing/reader.ts';
import { FakeRoom, token } from './testing/room.ts';

const SIGN_IN: Problem = { code: 'unauthenticated', message: 'Sign in to read the room.', rule: 'access' };
const NOT_FOR_YOU: Problem = { code: 'forbidden', message: 'There is no room here, or …', rule: 'access' };
const BANNED: Problem = { code: 'forbidden', message: 'You are banned.', rule: 'banned' };
const MINUTE = 60_000;

/** Creates a reader whom the room refuses over HTTP and on the socket while `server.problem` is set. */
function refused(problem: Problem, getToken: () => Promise<string | undefined>) {
  const room = new FakeRoom();
  const server = { problem: problem as Problem | undefined };
  room.onRequest = ({ pathname }) =>
    server.problem && pathname !== '/config'
      ? Response.json(server.problem, { status: server.problem.code === 'forbidden' ? 403 : 401 })
      : undefined;
  room.onConnect = (socket) => (server.problem ? socket.drop() : socket.accept());
  return Object.assign(reader({ getToken }, room), { server });
}

const guest = async () => undefined;
const me = async () => token();

describe('a room that is not for everybody', () => {
  it.each<[string, Problem, () => Promise<string | undefined>, string[]]>([
    ['asks a guest to sign in', SIGN_IN, guest, ['connecting', 'signed-out']],
    [
      'asks a guest to sign in, also where it does not tell whether it exists',
      NOT_FOR_YOU,
      guest,
      ['connecting', 'signed-out'],
    ],
    ['tells who is signed in that it is not for them', NOT_FOR_YOU, me, ['connecting', 'forbidden']],
    ['tells who is banned that it is not for them', BANNED, me, ['connecting', 'forbidden']],
  ])('%s, and nobody that they are offline', async (_, problem, getToken, expected) => {
    const r = refused(problem, getToken);
    r.client.open();
    await r.clock.advance(60 * MINUTE);
    expect(r.states).toEqual(expected);
    expect(r.client.snapshot.barred).toEqual(problem);
    expect(r.client.snapshot.config).toEqual(r.room.config);
  });

  it('tells nobody that they are offline where the socket is refused before the answer over HTTP comes', async () => {
    const r = refused(NOT_FOR_YOU, me);
    const answer = r.room.onRequest;
    const late = Promise.withResolvers<void>();
    r.room.onRequest = (url) => (url.pathname === '/config' ? undefined : late.promise.then(() => answer(url)!));
    r.client.open();
    await r.clock.advance(100);
    await r.clock.advance(MINUTE / 12);
    expect(r.room.sockets.length).toBeGreaterThan(1);
    late.resolve();
    await r.clock.advance(100);
    expect(r.states).toEqual(['connecting', 'forbidden']);
  });

  it('is asked again every few minutes, and opens as soon as it is for them', async () => {
    const r = refused(NOT_FOR_YOU, me);
    r.client.open();
    await r.clock.advance(60 * MINUTE);
    expect(r.room.requests.length).toBeGreaterThan(5);
    expect(r.room.requests.length).toBeLessThan(30);
    r.server.problem = undefined;
    await r.clock.advance(11 * MINUTE);
    expect(r.client.snapshot).toMatchObject({ connection: 'live', barred: undefined });
  });

  it('is asked again when the page is shown', async () => {
    const r = refused(NOT_FOR_YOU, me);
    r.client.open();
    await r.clock.advance(MINUTE);
    r.server.problem = undefined;
    r.client.wake();
    await r.clock.advance(100);
    expect(r.client.snapshot.connection).toBe('live');
  });

  it('opens at once to a guest who signs in', async () => {
    let person: string | undefined;
    const r = refused(SIGN_IN, async () => person);
    r.client.open();
    await r.clock.advance(MINUTE);
    person = token();
    r.server.problem = undefined;
    await r.client.refreshToken();
    expect(r.client.snapshot).toMatchObject({ connection: 'connecting', barred: undefined });
    await r.clock.advance(100);
    expect(r.client.snapshot.connection).toBe('live');
  });

  it('opens to a guest who signs in while the settings are still on their way', async () => {
    let person: string | undefined;
    const r = refused(SIGN_IN, async () => person);
    const answer = r.room.onRequest;
    const settings = Promise.withResolvers<Response>();
    r.room.onRequest = (url) =>
      url.pathname === '/config' ? settings.promise.then((one) => one.clone()) : answer(url);
    r.client.open();
    await r.clock.advance(100);
    person = token();
    r.server.problem = undefined;
    const refreshed = r.client.refreshToken();
    settings.resolve(Response.json(r.room.config));
    await refreshed;
    await r.clock.advance(2_000);
    expect(r.client.snapshot.connection).toBe('live');
  });

  it('does not keep the settings from arriving, which a sign-in needs', async () => {
    const r = refused(SIGN_IN, guest);
    const answer = r.room.onRequest;
    const settings = Promise.withResolvers<Response>();
    r.room.onRequest = (url) => (url.pathname === '/config' ? settings.promise : answer(url));
    r.client.open();
    await r.clock.advance(100);
    settings.resolve(Response.json(r.room.config));
    await r.clock.advance(100);
    expect(r.client.snapshot).toMatchObject({ connection: 'signed-out', config: r.room.config });
    expect(r.room.sockets).toHaveLength(0);
  });

  it('says so to somebody whose role has ended, once their socket has closed', async () => {
    const r = refused(NOT_FOR_YOU, me);
    r.server.problem = undefined;
    r.client.open();
    await r.clock.advance(MINUTE);
    r.server.problem = NOT_FOR_YOU;
    r.room.socket.drop();
    await r.clock.advance(MINUTE);
    expect(r.client.snapshot.connection).toBe('forbidden');
    const [sockets, seen] = [r.room.sockets.length, r.changes.length];
    await r.clock.advance(30 * MINUTE);
    expect(r.room.sockets.length - sockets).toBeLessThan(15);
    expect(new Set(r.changes.slice(seen).map(({ snapshot }) => snapshot.connection))).toEqual(new Set(['forbidden']));
  });

  it('does not close a socket that is open', async () => {
    const r = refused(NOT_FOR_YOU, me);
    r.server.problem = undefined;
    r.room.fill(60);
    r.client.open();
    await r.clock.advance(MINUTE);
    r.server.problem = NOT_FOR_YOU;
    await r.client.loadOlder();
    await r.clock.advance(MINUTE);
    expect(r.client.snapshot).toMatchObject({ connection: 'live', barred: undefined });
  });

  it('which guests may not read waits for the token of somebody who may, however long it takes', async () => {
    const given = Promise.withResolvers<string>();
    const r = reader({ getToken: () => given.promise });
    r.room.fill(2);
    r.room.onRequest = ({ pathname }) =>
      pathname === '/config' || r.client.snapshot.signedIn ? undefined : Response.json(SIGN_IN, { status: 401 });
    r.client.open();
    await r.clock.advance(20_000);
    expect(r.client.snapshot).toMatchObject({ connection: 'connecting', barred: undefined });
    given.resolve(token());
    await r.clock.advance(15_000);
    expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
    expect(r.shown).toEqual([2, 1]);
  });

  it('lets somebody in whose token could not be had, as soon as it can', async () => {
    let issuerAnswers = false;
    const r = refused(SIGN_IN, async () => {
      if (!issuerAnswers) throw new Error('issuer unreachable');
      return token();
    });
    r.client.open();
    await r.clock.advance(1_000);
    expect(r.client.snapshot.connection).toBe('signed-out');
    issuerAnswers = true;
    r.server.problem = undefined;
    await r.clock.advance(MINUTE);
    expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
  });
});

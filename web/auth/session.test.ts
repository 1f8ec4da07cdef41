import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Remember } from '../element/behaviour/remembering.ts';
import type { IssuerConfig, Tokens } from './issuer.ts';
import { PageMemory } from './memory.ts';
import { type Session, TokenSession } from './session.ts';

const MINUTE = 60_000;
const SERVER = 'https://api.example';
const client: IssuerConfig = { issuer: 'https://issuer.example', clientId: 'shout-box', audience: 'shout-box' };
const alice = { id: 'alice', name: 'alice' };

class FakeStorage {
  readonly entries = new Map<string, string>();
  getItem = (key: string) => this.entries.get(key) ?? null;
  setItem = (key: string, value: string) => void this.entries.set(key, value);
  removeItem = (key: string) => void this.entries.delete(key);
  /** Copies the storage, as a browser does for a tab that is duplicated. */
  copy(): FakeStorage {
    const copy = new FakeStorage();
    for (const [key, value] of this.entries) copy.entries.set(key, value);
    return copy;
  }
  kept = () => JSON.parse(this.getItem(`shout-box:session:${SERVER}`) ?? 'null');
}

let now: number;
let device: FakeStorage;
/** The refresh tokens with which the issuer was asked for a renewal. */
let asked: string[];
let revoked: string[];
let answer: (n: number) => Promise<Tokens | undefined>;
let pages: PageMemory[];

beforeEach(() => {
  now = 0;
  device = new FakeStorage();
  [asked, revoked, pages] = [[], [], []];
  answer = async (n) => ({ access: `access-${n}`, refresh: `refresh-${n}`, expiresIn: 600 });
  vi.stubGlobal('localStorage', device);
});
afterEach(() => {
  for (const page of pages) page.end();
  vi.unstubAllGlobals();
});

const issuer = {
  refresh: (token: string) => answer(asked.push(token)),
  revoke: async (token: string) => void revoked.push(token),
};

/**
 * Creates what a session needs from its page: `tab` is the tab's sessionStorage, `remember` the attribute of the box.
 */
function page(tab: FakeStorage, remember: Remember) {
  vi.stubGlobal('sessionStorage', tab);
  const memory = new PageMemory(SERVER, remember);
  pages.push(memory);
  return { memory, issuer: async () => issuer, now: () => now };
}

let ids = 0;
const first = { access: 'access-0', refresh: 'refresh-0', expiresIn: 600 };
function signIn(tab: FakeStorage, remember: Remember, tokens: Partial<Tokens> = {}, user = alice): TokenSession {
  return TokenSession.begin(page(tab, remember), { ...first, ...tokens }, { issuer: client, user, id: `id-${ids++}` });
}

/** Opens a page in the tab with this sessionStorage. @returns the session that is restored there, if any */
function restore(tab: FakeStorage, remember: Remember): TokenSession | undefined {
  const surroundings = page(tab, remember);
  const kept = surroundings.memory.load();
  return kept && new TokenSession(surroundings, kept);
}

/** Waits until the issuer was asked for the first renewal, which `TokenSession.begin` starts. */
const settled = () => vi.waitFor(() => expect(asked).toHaveLength(1), 20_000);
/** Waits until `what` passes, because a broadcast from another tab takes a moment. */
const heard = (what: () => void) => vi.waitFor(what, 20_000);

describe('a session that nothing remembers', () => {
  const begin = (tokens: Partial<Tokens> = {}) => signIn(new FakeStorage(), 'no', tokens);

  const signedOutWhileRenewing = async () => {
    const session = begin();
    const renewal = Promise.withResolvers<Tokens>();
    answer = () => renewal.promise;
    now = 9.5 * MINUTE;
    const asking = session.getToken();
    await vi.waitFor(() => expect(asked).toHaveLength(1), 20_000);
    await session.signOut();
    return { session, renewal, asking };
  };

  test('a fresh token is given as it is', async () => {
    const session = begin();
    expect(await session.getToken()).toBe('access-0');
    expect(asked).toEqual([]);
  });

  test('near its end it is renewed, and the rotated refresh token is the next one used', async () => {
    const session = begin();
    now = 9 * MINUTE;
    expect(await session.getToken()).toBe('access-1');
    now += 9 * MINUTE;
    expect(await session.getToken()).toBe('access-2');
    expect(asked).toEqual(['refresh-0', 'refresh-1']);
  });

  test('an issuer that does not rotate has its refresh token used again', async () => {
    const session = begin();
    answer = async (n) => ({ access: `access-${n}`, expiresIn: 600 });
    now = 9 * MINUTE;
    await session.getToken();
    now += 9 * MINUTE;
    await session.getToken();
    expect(asked).toEqual(['refresh-0', 'refresh-0']);
  });

  test('whoever asks at the same time waits for the same renewal', async () => {
    const session = begin();
    now = 11 * MINUTE;
    const tokens = await Promise.all([session.getToken(), session.getToken(), session.getToken()]);
    expect(tokens).toEqual(['access-1', 'access-1', 'access-1']);
    expect(asked).toHaveLength(1);
  });

  test('a refused token is renewed although its time has not come', async () => {
    const session = begin();
    expect(await session.getToken('access-0')).toBe('access-1');
    expect(await session.getToken('access-0')).toBe('access-1');
  });

  test('without a refresh token the session lasts as long as the token, which is shown again if it was refused', async () => {
    const session = begin({ refresh: undefined });
    now = 9.9 * MINUTE;
    expect(await session.getToken()).toBe('access-0');
    expect(await session.getToken('access-0')).toBe('access-0');
    now = 10 * MINUTE;
    expect(await session.getToken()).toBeUndefined();
    expect(await session.over).toBe('ended');
  });

  test('when the issuer ends the session the present token is used up and then there is none', async () => {
    const session = begin();
    answer = async () => undefined;
    now = 9 * MINUTE;
    expect(await session.getToken()).toBe('access-0');
    now = 10 * MINUTE;
    expect(await session.getToken()).toBeUndefined();
    expect(await session.over).toBe('ended');
    expect(asked).toHaveLength(1);
  });

  test('an issuer out of reach is no end: the token serves while it lasts, then asking fails, then all is well', async () => {
    const session = begin();
    const answers = answer;
    answer = () => Promise.reject(new TypeError('network'));
    now = 9 * MINUTE;
    expect(await session.getToken()).toBe('access-0');
    now = 11 * MINUTE;
    await expect(session.getToken()).rejects.toThrow('network');
    answer = answers;
    expect(await session.getToken()).toMatch(/^access-/);
  });

  test('signing out forgets at once and revokes, and a renewal under way brings nothing back', async () => {
    const { session, renewal, asking } = await signedOutWhileRenewing();
    renewal.resolve({ access: 'late', refresh: 'late', expiresIn: 600 });
    expect(await asking).toBeUndefined();
    expect(await session.getToken()).toBeUndefined();
    expect(await session.over).toBeUndefined();
    expect(revoked).toEqual(['refresh-0', 'late']);
  });

  test('signing out while a renewal fails leaves no token and no error', async () => {
    const { renewal, asking } = await signedOutWhileRenewing();
    renewal.reject(new TypeError('network'));
    expect(await asking).toBeUndefined();
  });

  test('begins, is renewed and ends also where the browser blocks BroadcastChannel', async () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        }
      },
    );
    const session = begin();
    now = 9 * MINUTE;
    expect(await session.getToken()).toBe('access-1');
    await session.signOut();
    expect(await session.getToken()).toBeUndefined();
  });

  test('signing out succeeds also where the issuer does not answer', async () => {
    const session = begin();
    vi.spyOn(issuer, 'revoke').mockRejectedValueOnce(new TypeError('network'));
    await session.signOut();
    expect(await session.getToken()).toBeUndefined();
  });

  test('a token without a stated life is used until it is refused', async () => {
    const session = begin({ expiresIn: undefined });
    answer = async () => ({ access: 'next' });
    now = 1e12;
    expect(await session.getToken()).toBe('access-0');
    expect(await session.getToken('access-0')).toBe('next');
  });

  test('stores nothing', async () => {
    const tab = new FakeStorage();
    const session = signIn(tab, 'no');
    now = 9 * MINUTE;
    await session.getToken();
    expect([...tab.entries, ...device.entries]).toEqual([]);
  });
});

describe.each<[Remember, string]>([
  ['tab', 'the next page of the tab'],
  ['device', 'a page of another tab'],
])('remember=%s', (remember, next) => {
  let tab: FakeStorage;
  const storage = () => (remember === 'device' ? device : tab);
  const nextPage = () => restore(remember === 'device' ? new FakeStorage() : tab, remember);

  beforeEach(() => {
    tab = new FakeStorage();
  });

  test(`${next} is signed in as the same person, and asks nobody`, async () => {
    signIn(tab, remember);
    await settled();
    const session = nextPage()!;
    expect(session.user).toEqual(alice);
    expect(await session.getToken()).toMatch(/^access-/);
    expect(asked).toEqual(['refresh-0']);
  });

  test(`${next} renews with the refresh token that the first page got last`, async () => {
    signIn(tab, remember);
    await vi.waitFor(() => expect(storage().kept().refresh).toBe('refresh-1'), 20_000);
    now = 9 * MINUTE;
    expect(await nextPage()!.getToken()).toBe('access-2');
    expect(asked).toEqual(['refresh-0', 'refresh-1']);
  });

  test('a refresh token is stored only after the issuer has replaced one', async () => {
    const renewal = Promise.withResolvers<Tokens>();
    answer = () => renewal.promise;
    signIn(tab, remember);
    await settled();
    expect(storage().kept()).toMatchObject({ access: 'access-0' });
    expect(JSON.stringify(storage().kept())).not.toContain('refresh-0');
    renewal.resolve({ access: 'access-1', refresh: 'refresh-1', expiresIn: 600 });
    await vi.waitFor(() => expect(storage().kept().refresh).toBe('refresh-1'), 20_000);
  });

  test.each([
    ['none with a renewal', undefined],
    ['the same', 'refresh-0'],
  ])('an issuer that gives %s has no refresh token stored, and the page goes on with it', async (_, refresh) => {
    answer = async (n) => ({ access: `access-${n}`, refresh, expiresIn: 600 });
    const session = signIn(tab, remember);
    await vi.waitFor(() => expect(storage().kept().access).toBe('access-1'), 20_000);
    now = 9 * MINUTE;
    expect(await session.getToken()).toBe('access-2');
    expect(JSON.stringify([...tab.entries, ...device.entries])).not.toContain('refresh-0');
  });

  test('signing out leaves nothing of it, and revokes the newest refresh token', async () => {
    const session = signIn(tab, remember);
    await vi.waitFor(() => expect(storage().kept().refresh).toBe('refresh-1'), 20_000);
    await session.signOut();
    expect(JSON.stringify([...tab.entries, ...device.entries])).not.toMatch(/access|refresh-/);
    expect(revoked).toEqual(['refresh-1']);
    expect(nextPage()).toBeUndefined();
  });

  test('what else may be stored there is no session', () => {
    storage().setItem(`shout-box:session:${SERVER}`, 'no JSON');
    expect(nextPage()).toBeUndefined();
    storage().setItem(`shout-box:session:${SERVER}`, '{"access":1}');
    expect(nextPage()).toBeUndefined();
  });

  test('where storage is full the session lasts as long as the page', async () => {
    storage().setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const session = signIn(tab, remember);
    now = 9 * MINUTE;
    expect(await session.getToken()).toBe('access-1');
  });
});

describe.each<[string, Remember, (tab: FakeStorage) => FakeStorage]>([
  ['a duplicated tab', 'tab', (tab) => tab.copy()],
  ['a second tab of the device', 'device', () => new FakeStorage()],
])('%s', (_, remember, other) => {
  async function both(): Promise<[TokenSession, TokenSession]> {
    const tab = new FakeStorage();
    const session = signIn(tab, remember);
    await vi.waitFor(() => expect((remember === 'device' ? device : tab).kept().refresh).toBe('refresh-1'), 20_000);
    return [session, restore(other(tab), remember)!];
  }

  test('renews no refresh token that the first has used: one renews for both', async () => {
    const sessions = await both();
    now = 9 * MINUTE;
    const tokens = await Promise.all(sessions.map((session) => session.getToken()));
    expect(tokens).toContain('access-2');
    now += 9 * MINUTE;
    await Promise.all(sessions.map((session) => session.getToken()));
    expect(asked).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
  });

  test('goes on with what the other renewed', async () => {
    const [one, two] = await both();
    now = 9 * MINUTE;
    await one.getToken();
    await heard(async () => expect(await two.getToken()).toBe('access-2'));
    now += 9 * MINUTE;
    expect(await two.getToken()).toBe('access-3');
    expect(asked).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
  });

  test('is signed out with the other', async () => {
    const [one, two] = await both();
    await two.signOut();
    expect(await one.over).toBeUndefined();
    expect(await one.getToken()).toBeUndefined();
  });
});

test('a copy that was opened after the tab renewed uses up its token and renews nothing', async () => {
  const tab = new FakeStorage();
  const session = signIn(tab, 'tab');
  await vi.waitFor(() => expect(tab.kept().refresh).toBe('refresh-1'), 20_000);
  const copy = tab.copy();
  now = 9 * MINUTE;
  expect(await session.getToken()).toBe('access-2');
  const late = restore(copy, 'tab')!;
  now = 9.5 * MINUTE;
  expect(await late.getToken()).toBe('access-1');
  now = 10 * MINUTE;
  expect(await late.getToken()).toBeUndefined();
  expect(asked).toEqual(['refresh-0', 'refresh-1']);
});

describe('signing out', () => {
  const tabs = (users: { id: string; name: string }[]): Session[] =>
    users.map((user) => signIn(new FakeStorage(), 'tab', { refresh: undefined }, user));

  test('ends the sign-ins of the same person in all tabs, and of nobody else', async () => {
    const [one, two, bob] = tabs([alice, alice, { id: 'bob', name: 'bob' }]);
    const hears = vi.spyOn(pages[2]!, 'load');
    await one!.signOut();
    expect(await two!.over).toBeUndefined();
    await vi.waitFor(() => expect(hears).toHaveBeenCalled(), 20_000);
    expect(await bob!.getToken()).toBe('access-0');
  });

  test('because the server refuses the token ends only that sign-in', async () => {
    const [one, two] = tabs([alice, alice]);
    const told: unknown[] = [];
    const [channel, sentinel] = [new BroadcastChannel('shout-box:session'), new BroadcastChannel('shout-box:session')];
    channel.onmessage = ({ data }) => told.push(data);
    await one!.signOut('refused');
    expect(await one!.over).toBe('refused');
    sentinel.postMessage({ server: 'another' });
    await vi.waitFor(() => expect(told).toContainEqual({ server: 'another' }), 20_000);
    expect(told).toHaveLength(1);
    expect(await two!.getToken()).toBe('access-0');
    channel.close();
    sentinel.close();
  });
});

describe('signing out where a tab shows no page with a box', () => {
  const person = (id: string) => ({ id, name: `name of ${id}` });
  const signInAt = (tab: FakeStorage, user = alice, remember: Remember = 'tab') => {
    const session = signIn(tab, remember, { refresh: undefined }, user);
    return { session, memory: pages.at(-1)! };
  };
  /** Leaves the page. From then on the page gets no broadcasts, even if the browser keeps it for the back button. */
  const leave = ({ memory }: { memory: PageMemory }) => memory.end();

  test('ends the copy of a duplicated tab', async () => {
    const tab = new FakeStorage();
    const { session } = signInAt(tab);
    const copy = tab.copy();
    await session.signOut();
    expect(restore(copy, 'tab')).toBeUndefined();
    expect(copy.kept(), 'nothing that looks like a sign-in is left').toBeNull();
  });

  test('ends another sign-in of the same person, and nobody else’s', async () => {
    const [mine, others] = [new FakeStorage(), new FakeStorage()];
    leave(signInAt(mine));
    leave(signInAt(others, person('bob')));
    await signInAt(new FakeStorage()).session.signOut();
    expect(restore(mine, 'tab')).toBeUndefined();
    expect(restore(others, 'tab')?.user).toEqual(person('bob'));
  });

  test('ends a sign-in whose token does not say whose it is by its own number only', async () => {
    const begin = (tab: FakeStorage) =>
      TokenSession.begin(
        page(tab, 'tab'),
        { access: 'opaque' },
        { issuer: client, user: undefined, id: `id-${ids++}` },
      );
    const [mine, other] = [new FakeStorage(), new FakeStorage()];
    const session = begin(mine);
    begin(other);
    const copy = mine.copy();
    await session.signOut();
    expect(restore(copy, 'tab')).toBeUndefined();
    expect(await restore(other, 'tab')?.getToken()).toBe('opaque');
  });

  test.each<Remember>(['tab', 'device', 'no'])(
    'remember=%s: a page that comes back gives no token',
    async (remember) => {
      const kept = signInAt(new FakeStorage(), alice, remember);
      leave(kept);
      await signInAt(new FakeStorage()).session.signOut();
      expect(await kept.session.getToken()).toBeUndefined();
      expect(await kept.session.over).toBeUndefined();
    },
  );

  test('lets the person sign in again, and keeps the older sign-in ended', async () => {
    const [old, fresh] = [new FakeStorage(), new FakeStorage()];
    leave(signInAt(old));
    await signInAt(new FakeStorage()).session.signOut();
    const again = signInAt(fresh);
    expect(await again.session.getToken()).toBe('access-0');
    expect(restore(fresh, 'tab')?.user).toEqual(alice);
    expect(restore(old, 'tab')).toBeUndefined();
    await again.session.signOut();
    expect(restore(fresh, 'tab')).toBeUndefined();
  });

  test('ends nothing at another server', async () => {
    const tab = new FakeStorage();
    vi.stubGlobal('sessionStorage', tab);
    const elsewhere = new PageMemory('https://other.example', 'tab');
    pages.push(elsewhere);
    TokenSession.begin(
      { memory: elsewhere, issuer: async () => issuer, now: () => now },
      { access: 'elsewhere' },
      { issuer: client, user: alice, id: 'elsewhere' },
    );
    await signInAt(new FakeStorage()).session.signOut();
    expect(elsewhere.load()?.access).toBe('elsewhere');
  });

  test('keeps the last fifty people only, and no name of them', async () => {
    for (let n = 0; n < 60; n++) await signInAt(new FakeStorage(), person(`p${n}`)).session.signOut();
    const item = device.getItem(`shout-box:signed-out:${SERVER}`)!;
    expect(Object.keys(JSON.parse(item))).toEqual(Array.from({ length: 50 }, (_, n) => `p${n + 10}`));
    expect(item).not.toContain('name');
  });
});

test('another person who signs in on the device takes the place of the first', async () => {
  const one = signIn(new FakeStorage(), 'device', { refresh: undefined });
  signIn(new FakeStorage(), 'device', { refresh: undefined, access: 'of-bob' }, { id: 'bob', name: 'bob' });
  expect(await one.getToken()).toBeUndefined();
  expect(await one.over).toBeUndefined();
  expect(one.signedOut, 'nobody signed out').toBe(false);
  expect(await restore(new FakeStorage(), 'device')!.getToken()).toBe('of-bob');
});

test('a tab that finds the sign-in gone knows whether its person signed out', async () => {
  const one = signIn(new FakeStorage(), 'device', { refresh: undefined });
  const other = restore(new FakeStorage(), 'device')!;
  await one.signOut();
  expect(await other.getToken()).toBeUndefined();
  expect([one.signedOut, other.signedOut]).toEqual([true, true]);
  const again = signIn(new FakeStorage(), 'device', { refresh: undefined });
  await again.signOut('refused');
  expect(again.signedOut).toBe(false);
});

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BackEnd } from './back-end.ts';
import { base64url, createKey, TestIssuer } from './issuer.ts';

const MODERATOR = { roles: ['moderator'] };

describe('a role comes from the verified claim that the operator named, and nowhere else (ASVS 5 8.2.1, 8.3.1)', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
  });
  afterAll(() => issuer.stop());

  async function roleOf(roleClaim: string, claims: Record<string, unknown>): Promise<string | undefined> {
    const verifier = issuer.verifier({ roleClaim, moderators: ['moderator', 'admins'] });
    return (await verifier.verify(issuer.token({ claims }))).actor.role;
  }

  it.each([
    { where: 'a list, as Entra ID has it', roleClaim: 'roles', claims: { roles: ['x', 'moderator'] } },
    { where: 'another value listed', roleClaim: 'roles', claims: { roles: ['admins'] } },
    { where: 'a single string', roleClaim: 'role', claims: { role: 'moderator' } },
    {
      where: 'a name with a colon, as Cognito has it',
      roleClaim: 'cognito:groups',
      claims: { 'cognito:groups': ['admins'] },
    },
    { where: 'a path, as Keycloak has it', roleClaim: 'realm_access.roles', claims: { realm_access: MODERATOR } },
    {
      where: 'a path through a name with dots',
      roleClaim: 'resource_access.shout.box.roles',
      claims: { resource_access: { 'shout.box': MODERATOR } },
    },
    {
      where: 'a URI, as Auth0 has it',
      roleClaim: 'https://example.com/roles',
      claims: { 'https://example.com/roles': ['moderator'] },
    },
    {
      where: 'the exact name before the path',
      roleClaim: 'realm_access.roles',
      claims: { 'realm_access.roles': ['moderator'], realm_access: { roles: [] } },
    },
  ])('$where makes a moderator', async ({ roleClaim, claims }) => {
    expect(await roleOf(roleClaim, claims)).toBe('moderator');
  });

  it.each([
    { attack: 'no such claim', roleClaim: 'roles', claims: {} },
    { attack: 'another claim', roleClaim: 'roles', claims: { groups: ['moderator'], role: 'moderator' } },
    { attack: 'the scope', roleClaim: 'roles', claims: { scope: 'moderator' } },
    { attack: 'the name', roleClaim: 'roles', claims: { name: 'moderator' } },
    { attack: 'another value', roleClaim: 'roles', claims: { roles: ['user'] } },
    { attack: 'another case', roleClaim: 'roles', claims: { roles: ['Moderator'] } },
    { attack: 'the value among others in one string', roleClaim: 'roles', claims: { roles: 'user moderator' } },
    { attack: 'the value as a part', roleClaim: 'roles', claims: { roles: ['moderators', 'comoderator'] } },
    { attack: 'a list in a list', roleClaim: 'roles', claims: { roles: [['moderator']] } },
    { attack: 'an object with the value as its name', roleClaim: 'roles', claims: { roles: { moderator: true } } },
    {
      attack: 'an object that looks like a list',
      roleClaim: 'roles',
      claims: { roles: { 0: 'moderator', length: 1 } },
    },
    { attack: 'true', roleClaim: 'roles', claims: { roles: true } },
    { attack: 'null', roleClaim: 'roles', claims: { roles: null } },
    { attack: 'the claim deeper down', roleClaim: 'roles', claims: { realm_access: MODERATOR } },
    { attack: 'the claim higher up', roleClaim: 'realm_access.roles', claims: MODERATOR },
    { attack: 'a list on the way', roleClaim: 'realm_access.0.roles', claims: { realm_access: [MODERATOR] } },
    {
      attack: 'the path under an exact name without the role',
      roleClaim: 'realm_access.roles',
      claims: { 'realm_access.roles': [], realm_access: MODERATOR },
    },
    { attack: 'a claim __proto__', roleClaim: 'roles', claims: JSON.parse('{"__proto__":{"roles":["moderator"]}}') },
    { attack: 'what every object has', roleClaim: 'constructor.name', claims: {} },
    { attack: 'what every object has, further down', roleClaim: 'a.constructor.name', claims: { a: {} } },
    { attack: 'the length of a list', roleClaim: 'roles.length', claims: { roles: ['moderator'] } },
  ])('$attack does not', async ({ roleClaim, claims }) => {
    expect(await roleOf(roleClaim, claims)).toBeUndefined();
  });

  it('names that every object has are no roles: MODERATORS=Object makes nobody one', async () => {
    const verifier = issuer.verifier({ roleClaim: 'constructor.name', moderators: ['Object'] });
    expect((await verifier.verify(issuer.token())).actor).not.toHaveProperty('role');
  });

  it('where the operator names no roles, nobody is one', async () => {
    const verifier = issuer.verifier({ moderators: [] });
    const { actor } = await verifier.verify(issuer.token({ claims: { roles: ['', 'moderator', 'undefined'] } }));
    expect(actor).not.toHaveProperty('role');
  });
});

describe('a role goes with the token of the connection', () => {
  let backEnd: BackEnd;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    backEnd = await BackEnd.start({ MODERATORS: 'moderator', RATE_BURST: '1000' });
  });
  afterAll(async () => {
    await backEnd.stop();
    vi.useRealTimers();
  });
  afterEach(() => backEnd.log.expectClean());

  const tokenOf = (claims: Record<string, unknown> = {}, minutes = 10) =>
    backEnd.token({ exp: Math.floor(Date.now() / 1_000) + minutes * 60, ...claims });

  /** Posts a message on the connection. @returns the role in its event */
  async function roleInEvents(connection: string): Promise<unknown> {
    const { id } = await backEnd.send(connection, { action: 'sendMessage', text: 'under which role?' });
    const event = (await backEnd.eventsInLog()).find((item) => item.id === id);
    return (event!.actor as { role?: string }).role;
  }

  it('is part of the actor in the events of that person, and of nobody else’s', async () => {
    expect(await roleInEvents(await backEnd.connected({ token: tokenOf(MODERATOR) }))).toBe('moderator');
    expect(await roleInEvents(await backEnd.connectedAs('bob'))).toBeUndefined();
  });

  it('nothing in a frame or a query gives one (ASVS 5 15.3.3)', async () => {
    const bob = await backEnd.connectedAs('bob');
    for (const more of [{ role: 'moderator' }, { actor: { role: 'moderator' } }, MODERATOR]) {
      const answer = await backEnd.send(bob, { action: 'sendMessage', text: 'hear me', ...more });
      expect(answer).toMatchObject({ code: 'invalid_message' });
    }
    const { answer } = await backEnd.connect({ token: tokenOf(), query: { role: 'moderator' } });
    expect(answer.statusCode).toBe(400);
    expect(await roleInEvents(bob)).toBeUndefined();
  });

  it.each([
    { forged: 'unsigned', token: () => `${base64url('{"alg":"none"}')}.${base64url(JSON.stringify(claims()))}.` },
    {
      forged: 'signed by somebody else',
      token: () => backEnd.issuer.token({ key: createKey('ES256'), claims: claims() }),
    },
    {
      forged: 'the role written into a good one',
      token: () => {
        const [header, , signature] = tokenOf().split('.');
        return `${header}.${base64url(JSON.stringify(claims()))}.${signature}`;
      },
    },
  ])('$forged: no connection, and no role for one that is open (RFC 8725 §3.1, ASVS 5 9.1.1)', async ({ token }) => {
    expect((await backEnd.connect({ token: token() })).answer.statusCode).not.toBe(200);
    const alice = await backEnd.connectedAs('alice');
    expect(await backEnd.send(alice, { action: 'authenticate', token: token() })).toMatchObject({ type: 'error' });
    expect(await roleInEvents(alice)).toBeUndefined();
  });
  const claims = () => backEnd.issuer.claims(MODERATOR);

  it('ends with the token (ASVS 5 8.3.2)', async () => {
    const alice = await backEnd.connected({ token: tokenOf(MODERATOR, 1) });
    vi.setSystemTime(Date.now() + 61_000);
    const answer = await backEnd.send(alice, { action: 'sendMessage', text: 'still a moderator?' });
    expect(answer).toMatchObject({ code: 'unauthenticated' });
  });

  it('is lost on renewal with a token that has none, and had again with one that has it (ASVS 5 8.3.2)', async () => {
    const alice = await backEnd.connected({ token: tokenOf(MODERATOR) });
    expect(await backEnd.send(alice, { action: 'authenticate', token: tokenOf() })).toMatchObject({
      type: 'authenticated',
    });
    expect(await roleInEvents(alice)).toBeUndefined();
    await backEnd.send(alice, { action: 'authenticate', token: tokenOf(MODERATOR) });
    expect(await roleInEvents(alice)).toBe('moderator');
  });

  it('an expired token with the role renews nothing', async () => {
    const alice = await backEnd.connectedAs('alice');
    const answer = await backEnd.send(alice, { action: 'authenticate', token: tokenOf(MODERATOR, -1) });
    expect(answer).toMatchObject({ code: 'unauthenticated' });
    expect(await roleInEvents(alice)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { toBase64url } from './base64url.ts';
import { actorOf, claimsOf } from './claims.ts';
import { personOf } from './credentials.ts';

const tokenOf = (claims: object) => {
  const payload = toBase64url(new TextEncoder().encode(JSON.stringify(claims)));
  return `e30.${payload}.c2ln`;
};
const iss = 'https://issuer.example';

describe('the claims of a token', () => {
  it('are read whatever letters they hold', () => {
    const claims = { iss, sub: 'zoë', name: '👩‍🚀 ÿÿÿ>>>???' };
    expect(claimsOf(tokenOf(claims))).toEqual(claims);
  });

  it.each([undefined, '', 'opaque', 'a.b.c', 'a.e30'])(
    'of none, or of an opaque one, are unknown or empty: %s',
    (token) => {
      expect(claimsOf(token) ?? {}).toEqual({});
    },
  );
});

describe('the person of a token', () => {
  it('has the id that the server computes, and the name of the claim that names people', async () => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${iss}\nzoë`));
    const id = toBase64url(new Uint8Array(digest)).slice(0, 22);
    expect(id).toMatch(/^[\w-]{22}$/);
    const token = tokenOf({ iss, sub: 'zoë', nickname: 'Zoë', name: 'another' });
    expect(await actorOf(token, 'nickname')).toStrictEqual({ id, name: 'Zoë' });
    const pictured = tokenOf({ iss, sub: 'zoë', picture: 'https://pictures.example/zoe.png' });
    expect(await actorOf(pictured, 'name')).toStrictEqual({
      id,
      name: '?',
      picture: 'https://pictures.example/zoe.png',
    });
  });

  it.each([
    ['', '?'],
    [7, '?'],
    [null, '?'],
  ])('whose name is %j is called %s', async (name, called) => {
    expect(await actorOf(tokenOf({ iss, sub: 'a', name, picture: 7 }), 'name')).toStrictEqual({
      ...{ id: expect.any(String), name: called },
    });
  });

  it('is unknown for an opaque token and for one without issuer or subject', async () => {
    expect(await actorOf('opaque', 'name')).toBeUndefined();
    expect(await actorOf(tokenOf({ iss }), 'name')).toBeUndefined();
    expect(await actorOf(tokenOf({ sub: 'a' }), 'name')).toBeUndefined();
  });

  it('is told apart by issuer and subject', () => {
    expect(personOf(tokenOf({ iss, sub: 'a' }))).toBe(`${iss} a`);
    expect([personOf(undefined), personOf('opaque'), personOf(tokenOf({ iss }))]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
  });
});

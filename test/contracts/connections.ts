import { beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Connections } from '../../src/domain/ports/connections.ts';

export interface ConnectionsSubject {
  /** The adapter, with at most {@link MAX_PER_PERSON} connections per person. */
  connections: Connections;
  /** Finds a connection as it is stored now. */
  find(id: string): Promise<Connection | undefined>;
  now(): number;
  /** Lets this many milliseconds pass. */
  pass(ms: number): void;
  /** Waits until the listing of a room's connections is current. No other read may lag. */
  settled(): Promise<void>;
}

export const MAX_PER_PERSON = 3;
/** A signal that never aborts a call. */
const NEVER = new AbortController().signal;
const TWO_HOURS_MS = 2 * 3_600_000;
let made = 0;

/**
 * The contract of every adapter of `Connections`.
 * @param subject returns the adapter under test; called for each test
 */
export function connectionsContract(subject: () => ConnectionsSubject): void {
  let connections: Connections;
  let room: string;

  beforeEach(() => {
    connections = subject().connections;
    room = unique();
  });

  const unique = () => `${process.pid}-${made++}`;
  const person = () => ({ id: unique().padEnd(22, 'x'), name: 'somebody' });
  const connection = (overrides: Partial<Connection> = {}): Connection => ({
    id: unique(),
    room,
    connectedAt: subject().now(),
    ...overrides,
  });
  const given = async (...all: Connection[]) => {
    for (const one of all) await connections.add(one);
    return all;
  };
  const listed = async () => {
    await subject().settled();
    const found: string[] = [];
    for await (const page of connections.inRoom(room, NEVER)) found.push(...page.map(({ id }) => id));
    return found.sort();
  };

  describe('open connections', () => {
    it('given two in a room and one elsewhere, then they are found by id and listed by room', async () => {
      const one = connection({ actor: person(), tokenExpiresAt: subject().now() + 1_000 });
      const other = connection();
      await given(one, other, connection({ room: unique() }));
      expect(await subject().find(one.id)).toEqual(one);
      expect(await listed()).toEqual([one.id, other.id].sort());
    });

    it('given one, when it is removed twice, then it is gone', async () => {
      const [one, other] = await given(connection(), connection());
      await connections.remove(one!);
      await connections.remove(one!);
      expect(await subject().find(one!.id)).toBeUndefined();
      expect(await listed()).toEqual([other!.id]);
    });

    it('given more than one request holds, when they are forgotten at once, then the others stay', async () => {
      const all = await given(...Array.from({ length: 60 }, () => connection()));
      await connections.forget(
        all.slice(1).map(({ id }) => id),
        NEVER,
      );
      await connections.forget([], NEVER);
      expect(await listed()).toEqual([all[0]!.id]);
    });

    it('given one whose two hours are over, then it is not read, though its row may still be there', async () => {
      const [one] = await given(connection());
      subject().pass(TWO_HOURS_MS + 2_000);
      expect(await subject().find(one!.id)).toBeUndefined();
      expect(await listed()).toEqual([]);
    });
  });

  describe('the cap per person', () => {
    /** Returns the ids of the given connections that are still stored, in the given order. */
    const found = async (...all: Connection[]) => {
      const kept: string[] = [];
      for (const { id } of all) if (await subject().find(id)) kept.push(id);
      return kept;
    };

    it('given many that connect at once, then as many are left as are allowed, and each of the others is named once', async () => {
      const actor = person();
      const all = Array.from({ length: 20 }, () => connection({ actor }));
      const replaced = (await Promise.all(all.map((one) => connections.add(one)))).flat();
      const kept = await found(...all);
      expect(kept).toHaveLength(MAX_PER_PERSON);
      expect([...replaced, ...kept].sort()).toEqual(all.map(({ id }) => id).sort());
    });

    it('given a person at the cap, when they connect, then the oldest is replaced', async () => {
      const actor = person();
      const ages = [2_000, 3_000, 1_000];
      const [second, oldest, third] = await given(
        ...ages.map((age) => connection({ actor, connectedAt: subject().now() - age })),
      );
      const next = connection({ actor });
      expect(await connections.add(next)).toEqual([oldest!.id]);
      expect(await found(second!, oldest!, third!, next)).toEqual([second!.id, third!.id, next.id]);
    });

    it('given somebody else at the cap, then nobody’s connection is replaced', async () => {
      await given(...Array.from({ length: MAX_PER_PERSON }, () => connection({ actor: person() })));
      expect(await connections.add(connection({ actor: person() }))).toEqual([]);
    });

    it('given a person at the cap, when one is removed, then there is a place again', async () => {
      const actor = person();
      const open = await given(...Array.from({ length: MAX_PER_PERSON }, () => connection({ actor })));
      await connections.remove(open[0]!);
      expect(await connections.add(connection({ actor }))).toEqual([]);
    });

    it('given a person at the cap, when all are forgotten, then there is a place again', async () => {
      const actor = person();
      const open = await given(...Array.from({ length: MAX_PER_PERSON }, () => connection({ actor })));
      await connections.forget(
        open.map(({ id }) => id),
        NEVER,
      );
      expect(await connections.add(connection({ actor }))).toEqual([]);
    });

    it('given connections whose $disconnect never came, when their time is over, then they do not count', async () => {
      const actor = person();
      await given(...Array.from({ length: MAX_PER_PERSON }, () => connection({ actor })));
      subject().pass(TWO_HOURS_MS + 2_000);
      expect(await connections.add(connection({ actor }))).toEqual([]);
    });
  });

  describe('authenticate', () => {
    it('given a person, when the same one renews, then name and expiry are the new ones', async () => {
      const actor = person();
      const tokenExpiresAt = subject().now() + 9_000;
      const [one] = await given(connection({ actor, tokenExpiresAt: 0 }));
      expect(
        await connections.authenticate(one!, { actor: { ...actor, name: 'renamed' }, expiresAt: tokenExpiresAt }),
      ).toEqual([]);
      expect(await subject().find(one!.id)).toMatchObject({ actor: { name: 'renamed' }, tokenExpiresAt });
    });

    it('given a person, when another one authenticates, then the connection stays whose it is', async () => {
      const [one] = await given(connection({ actor: person() }));
      expect(await connections.authenticate(one!, { actor: person(), expiresAt: 0 })).toBeUndefined();
      // The caller may have read the row while it was still a guest's. The stored row decides.
      const { actor: _actor, ...asGuest } = one!;
      expect(await connections.authenticate(asGuest, { actor: person(), expiresAt: 0 })).toBeUndefined();
    });

    it('given a guest, when they sign in, then the connection is theirs and counts as theirs', async () => {
      const actor = person();
      const [guest] = await given(connection());
      expect(
        await connections.authenticate(guest!, { actor, expiresAt: subject().now() + 9_000, roles: ['team'] }),
      ).toEqual([]);
      expect(await subject().find(guest!.id)).toMatchObject({ actor, roles: ['team'] });
      await given(...Array.from({ length: MAX_PER_PERSON - 1 }, () => connection({ actor })));
      expect(await connections.add(connection({ actor }))).toHaveLength(1);
    });

    it('given one with a role, when it is renewed with a token that has none, then it has none', async () => {
      const actor = person();
      const [one] = await given(connection({ actor, roles: ['team'] }));
      expect(await subject().find(one!.id)).toMatchObject({ roles: ['team'] });
      await connections.authenticate(one!, { actor, expiresAt: subject().now() + 9_000 });
      expect(await subject().find(one!.id)).not.toHaveProperty('roles');
    });

    it('given some of one person and of others, then those of the person are found, in every room, until they are removed', async () => {
      const actor = person();
      const [one, two] = await given(
        connection({ actor }),
        connection({ actor, room: 'another-room' }),
        connection({ actor: person() }),
      );
      const found = async () => (await connections.ofPerson(actor.id)).map(({ id, room }) => `${room} ${id}`).sort();
      expect(await found()).toEqual([one!, two!].map(({ id, room }) => `${room} ${id}`).sort());
      expect((await connections.ofPerson(actor.id))[0]).toMatchObject({ actor });
      await connections.remove(one!);
      expect(await found()).toEqual([`another-room ${two!.id}`]);
      expect(await connections.ofPerson(person().id)).toEqual([]);
    });

    it('given a person at the cap, when a guest signs in as them, then the oldest is replaced', async () => {
      const actor = person();
      const [oldest] = await given(connection({ actor, connectedAt: subject().now() - 1_000 }));
      await given(...Array.from({ length: MAX_PER_PERSON - 1 }, () => connection({ actor })));
      const [guest] = await given(connection());
      expect(await connections.authenticate(guest!, { actor, expiresAt: subject().now() + 9_000 })).toEqual([
        oldest!.id,
      ]);
      expect(await subject().find(oldest!.id)).toBeUndefined();
    });

    it('given one that is gone, then the answer says so', async () => {
      expect(await connections.authenticate(connection(), { actor: person(), expiresAt: 0 })).toBeUndefined();
    });
  });
}

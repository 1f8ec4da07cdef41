import { describe, expect, it } from 'vitest';
import type { Actor, ActorId, EventBody } from '../schema.generated.ts';
import { OPERATOR } from './operator.ts';
import { banOf, evolveRules, isFull, MAX_BANS, noRules, type RuleEvent, type Rules } from './rules.ts';

const idOf = (n: number): ActorId => String(n).padStart(22, '0');
const personOf = (n: number): Actor => ({ id: idOf(n), name: `person ${n}` });
const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
const other: Actor = { id: 'o'.repeat(22), name: 'another', role: 'moderator' };
const bob = personOf(1);
const HOUR = 3_600_000;

let seq = 0;
const happened = (body: EventBody, actor = moderator, at = 1_000): RuleEvent => ({ ...body, seq: ++seq, at, actor });
const ban = (person: ActorId, more: { seconds?: number; hide?: true } = {}): EventBody => ({
  type: 'PersonBanned',
  data: { person, ...more },
});
const unban = (person: ActorId): EventBody => ({ type: 'PersonUnbanned', data: { person } });
const change = (data: Extract<EventBody, { type: 'RoomChanged' }>['data']): EventBody => ({
  type: 'RoomChanged',
  data,
});
const fold = (...events: RuleEvent[]): Rules => events.reduce(evolveRules, noRules);

describe('a ban', () => {
  it('holds from its number on, until the time of an event reaches its end', () => {
    const rules = fold(happened(ban(bob.id, { seconds: 60 })));
    expect(banOf(rules, bob, 999)).toEqual({ until: 61_000 });
    expect(banOf(rules, bob, 60_999)).toEqual({ until: 61_000 });
    expect(banOf(rules, bob, 61_000)).toBeUndefined();
    expect(banOf(rules, personOf(2), 1_000)).toBeUndefined();
  });

  it('without seconds has no end, and is ended by a moderator', () => {
    const banned = fold(happened(ban(bob.id)));
    expect(banOf(banned, bob, Number.MAX_SAFE_INTEGER)).toEqual({});
    expect(banOf(evolveRules(banned, happened(unban(bob.id), other)), bob, 1_000)).toBeUndefined();
  });

  it('by a moderator does not bind what somebody says as a moderator; the operator’s does', () => {
    expect(banOf(fold(happened(ban(other.id))), other, 1_000)).toBeUndefined();
    expect(banOf(fold(happened(ban(other.id))), { ...other, role: undefined } as never, 1_000)).toEqual({});
    expect(banOf(fold(happened(ban(other.id), OPERATOR)), other, 1_000)).toEqual({ byOperator: true });
  });

  it('by the operator is neither ended nor shortened by a moderator', () => {
    const banned = fold(happened(ban(bob.id), OPERATOR));
    const tried = [unban(bob.id), ban(bob.id, { seconds: 1 })].map((body) => happened(body));
    expect(tried.reduce(evolveRules, banned)).toBe(banned);
    expect(banOf(evolveRules(banned, happened(unban(bob.id), OPERATOR)), bob, 1_000)).toBeUndefined();
  });

  it('that has ended makes room, a day later', () => {
    const full = fold(...Array.from({ length: MAX_BANS }, (_, n) => happened(ban(idOf(n), { seconds: 1 }))));
    expect(Object.keys(full.bans)).toHaveLength(MAX_BANS);
    const later = (hours: number) => evolveRules(full, happened(ban(idOf(MAX_BANS)), moderator, 2_000 + hours * HOUR));
    expect(later(23)).toBe(full);
    expect(Object.keys(later(24).bans)).toEqual([idOf(MAX_BANS)]);
    for (const by of [moderator, OPERATOR]) {
      const isFullAt = (at: number, person = idOf(MAX_BANS)) => isFull(full, person, by, at);
      expect([isFullAt(2_000), isFullAt(2_000 + 24 * HOUR)]).toEqual([true, false]);
      expect(isFullAt(2_000, idOf(0))).toBe(false);
    }
  });
});

describe('rules of a room', () => {
  it('change by what an event names, and keep the rest', () => {
    const pinned = { id: `${bob.id}:1`, seq: 7 };
    const rules = fold(happened(change({ slow: 10, pinned })), happened(change({ locked: true })));
    expect(rules).toEqual({ ...noRules, at: seq, slow: 10, locked: true, pinned });
    expect(evolveRules(rules, happened(change({ pinned: null, slow: 0 })))).toEqual({
      ...noRules,
      at: seq,
      locked: true,
    });
  });

  it('are the very same where an event is none of theirs', () => {
    for (const body of [
      { type: 'MessagePosted', data: { text: 'hi' } },
      { type: 'ThingsHappened', data: {} },
    ]) {
      expect(evolveRules(noRules, happened(body as EventBody))).toBe(noRules);
    }
    expect(evolveRules(noRules, happened(unban(bob.id)))).toBe(noRules);
  });

  it('fit into one item of 32 KB, with as many bans as there can be', () => {
    const full = fold(
      ...Array.from({ length: 400 }, (_, n) =>
        happened(ban(idOf(n), { hide: true, seconds: 86_400 }), OPERATOR, 1_700_000_000_000),
      ),
    );
    expect(JSON.stringify(full).length).toBeGreaterThan(20_000);
    expect(JSON.stringify(full).length).toBeLessThan(32_000);
  });
});

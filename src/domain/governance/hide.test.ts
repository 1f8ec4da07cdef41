import { describe, expect, it } from 'vitest';
import type { Actor, SequencedEvent } from '../schema.generated.ts';
import { conceal, hide, isHidden } from './hide.ts';
import { OPERATOR } from './operator.ts';

const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
const bob: Actor = { id: 'b'.repeat(22), name: 'bob' };
const said = (seq: number, actor = bob, data: object = { text: 'hello' }): SequencedEvent =>
  ({ seq, id: `${actor.id}:${seq}`, type: 'MessagePosted', at: 1, actor, data }) as SequencedEvent;

describe('hiding', () => {
  const hidden = hide({}, bob.id, { seq: 10, actor: moderator });

  it('takes the text from what the person said below the number, and nothing else', () => {
    expect(conceal(hidden, said(9)).data).toEqual({ deleted: true, byModerator: true });
    for (const event of [said(10), said(9, { ...bob, id: 'c'.repeat(22) }), said(9, bob, { voided: true })]) {
      expect(conceal(hidden, event)).toBe(event);
    }
    const deletion = { ...said(9), type: 'MessageDeleted' } as SequencedEvent;
    expect(conceal(hidden, deletion)).toBe(deletion);
  });

  it('by a moderator leaves what somebody said as a moderator; by the operator it does not', () => {
    const role = { ...bob, role: 'moderator' } as const;
    expect(isHidden(hidden, said(9, role))).toBe(false);
    const both = hide(hide({}, bob.id, { seq: 5, actor: OPERATOR }), bob.id, { seq: 10, actor: moderator });
    expect([4, 9].map((seq) => isHidden(both, said(seq, role)))).toEqual([true, false]);
    expect(isHidden(both, said(9))).toBe(true);
  });

  it('comes to the same in any order, and twice', () => {
    const acts = [
      { seq: 5, actor: OPERATOR },
      { seq: 10, actor: moderator },
      { seq: 7, actor: OPERATOR },
    ];
    const fold = (order: readonly number[]) => order.reduce((people, n) => hide(people, bob.id, acts[n]!), {});
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [1, 2, 0, 1],
    ]) {
      expect(fold(order)).toEqual({ [bob.id]: { before: 10, always: 7 } });
    }
  });

  it('says nothing of moderators where a moderator hid', () => {
    expect(hide({}, bob.id, { seq: 5, actor: moderator })).toStrictEqual({ [bob.id]: { before: 5 } });
  });

  it('keeps the latest of many', () => {
    const all = Array.from({ length: 200 }, (_, n) => String(n).padStart(22, '0'));
    const people = all.reduce((known, id, n) => hide(known, id, { seq: n + 1, actor: moderator }), {});
    expect(Object.keys(people).sort()).toEqual(all.slice(50));
  });
});

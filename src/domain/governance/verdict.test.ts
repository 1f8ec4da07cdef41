import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../ports/event-log.ts';
import type { Actor, EventBody } from '../schema.generated.ts';
import { noRules, type Rules } from './rules.ts';
import { judge, VOIDED, voidedBy } from './verdict.ts';

const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
const people: Actor[] = ['b', 'c'].map((letter) => ({ id: letter.repeat(22), name: letter }));
const [bob] = people as [Actor, Actor];
let count = 0;
const event = (actor: Actor, body: EventBody, at = 1_000): StoredEvent => ({
  ...{ room: 'lobby', id: `${actor.id}:${count++}`, v: 1, at, actor },
  ...body,
});
const says = (actor = bob, at?: number) => event(actor, { type: 'MessagePosted', data: { text: 'hello' } }, at);
const bans = (seconds?: number, person = bob.id) =>
  event(moderator, { type: 'PersonBanned', data: { person, ...(seconds ? { seconds } : {}) } });
const unbans = () => event(moderator, { type: 'PersonUnbanned', data: { person: bob.id } });
const deletes = () => event(bob, { type: 'MessageDeleted', data: { target: `${bob.id}:0`, by: bob.id } });

describe('the verdict on a batch', () => {
  it('voids what a person says from their ban on, and nothing before it, after it, or of others', () => {
    const batch = [says(), bans(), says(), says(people[1]), deletes(), unbans(), says()];
    const { voided, after } = judge(noRules, batch, 11);
    expect([...voided]).toEqual([batch[2]!.id]);
    expect(after).toEqual({ ...noRules, at: 16 });
  });

  it('holds in the batches after it, for what was said before the ban ended, whenever it is numbered', () => {
    const { after } = judge(noRules, [bans(60)], 1);
    const batch = [says(bob, 61_000), says(bob, 60_999)];
    expect([...judge(after, batch, 2).voided]).toEqual([batch[1]!.id]);
  });

  it('names the number of the event that changed the rules, and keeps them where none did', () => {
    expect(judge(noRules, [says(), bans(), says()], 5).after.at).toBe(6);
    expect(judge(noRules, [says()], 5)).toEqual({ before: noRules, after: noRules, voided: new Set() });
  });

  it('leaves a voided message its place and nothing of what it said', () => {
    const [ban, message] = [bans(), says()];
    const verdict = judge(noRules, [ban, message], 1);
    expect(voidedBy(verdict, message)).toEqual({ ...message, data: VOIDED });
    expect(voidedBy(verdict, ban)).toBe(ban);
  });

  it('is the same however the log is cut into batches', () => {
    const one = fc.oneof(
      fc
        .record({ actor: fc.constantFrom(...people, moderator), at: fc.nat(5_000) })
        .map(({ actor, at }) => says(actor, at)),
      fc.constantFrom(1, 2, undefined).map((seconds) => bans(seconds)),
      fc.constant(0).map(unbans),
    );
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (log, sizes) => {
          const whole = judge(noRules, log, 1);
          const voided = new Set<string>();
          let rules: Rules = noRules;
          for (let at = 0, n = 0; at < log.length; n++) {
            const batch = log.slice(at, at + sizes[n % sizes.length]!);
            const verdict = judge(rules, batch, at + 1);
            for (const id of verdict.voided) voided.add(id);
            rules = verdict.after;
            at += batch.length;
          }
          expect({ voided, rules }).toEqual({ voided: whole.voided, rules: whole.after });
        },
      ),
    );
  });
});

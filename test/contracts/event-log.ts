import { beforeEach, describe, expect, it } from 'vitest';
import { noRules } from '../../src/domain/governance/rules.ts';
import { judge } from '../../src/domain/governance/verdict.ts';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { EventLog, Head, NewEvent, StoredEvent } from '../../src/domain/ports/event-log.ts';
import type { EventBody, EventId } from '../../src/domain/schema.generated.ts';

export interface EventLogSubject {
  log: EventLog;
  /** Returns the time of the log's clock, ms. */
  now(): number;
  /** Replaces the room's head, as a restore of the State table does. Undefined deletes it, as if it had been lost. */
  restoreHead(room: string, head: Head | undefined): Promise<void>;
  /** Deletes an event from the log, as an operator may. */
  delete(room: string, id: EventId): Promise<void>;
  /** Waits until the index is current. Only reads by number may lag; everything else is exact at once. */
  settled(): Promise<void>;
}

const alice = { id: 'a'.repeat(22), name: 'alice' };
const bob = { id: 'b'.repeat(22), name: 'bob' };
let rooms = 0;

/** The contract of every adapter of `EventLog`. @param subject returns the log under test; called for each test */
export function eventLogContract(subject: () => EventLogSubject): void {
  let log: EventLog;
  let room: string;

  beforeEach(() => {
    log = subject().log;
    room = `room-${process.pid}-${rooms++}`;
  });

  const posted = (clientMessageId: string, text = clientMessageId, actor = alice): NewEvent => ({
    room,
    id: `${actor.id}:${clientMessageId}`,
    type: 'MessagePosted',
    v: 1,
    at: 1,
    actor,
    data: { text },
  });
  const deletion = (clientMessageId: string, target: EventId): NewEvent => ({
    ...posted(clientMessageId),
    type: 'MessageDeleted',
    data: { target, by: alice.id },
  });
  const assign = async (room: string, head: Head, events: readonly StoredEvent[]) =>
    log.assign(room, head, events, judge(await log.rules(room, head), events, head.seq + 1));
  const withoutText = (event: StoredEvent): StoredEvent => ({
    ...event,
    type: 'MessagePosted',
    data: { deleted: true },
  });
  const given = async (...events: NewEvent[]) => {
    for (const event of events) await log.append(event);
    return events;
  };
  const givenNumbered = async (...events: NewEvent[]) => sequence(log, room, await given(...events));
  const stored = async () => {
    await subject().settled();
    return (await log.readAfter(room, 0, 100)).map(({ seq, type, data }) => [
      seq,
      type,
      (data as { text?: string }).text,
    ]);
  };
  const seqs = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq);

  describe('append', () => {
    it('given nothing, when an event comes, then it is appended', async () => {
      expect(await log.append(posted('m1'))).toEqual({ kind: 'appended' });
      expect(await log.find(room, posted('m1').id)).toEqual(posted('m1'));
    });

    it('given an event, when it comes again, then what is there is told and is in the log once', async () => {
      await given(posted('m1'));
      expect(await log.append(posted('m1', 'another text'))).toEqual({ kind: 'duplicate', found: posted('m1') });
      await sequence(log, room, [posted('m1')]);
      expect(await stored()).toEqual([[1, 'MessagePosted', 'm1']]);
    });

    it('given nothing, when the same event comes many times at once, then one of them is appended', async () => {
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => log.append(posted('m1'))));
      expect(outcomes.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    });

    it('given an event, when another person uses its clientMessageId, then both are in the log', async () => {
      await given(posted('m1'));
      expect(await log.append(posted('m1', 'm1', bob))).toEqual({ kind: 'appended' });
    });

    it('given nothing, then nothing is found', async () => {
      expect(await log.find(room, posted('m1').id)).toBeUndefined();
    });
  });

  describe('amending', () => {
    it('given an event, when another is appended that amends it, then both are written', async () => {
      await given(posted('m1', 'secret'));
      expect(await log.append(deletion('d1', posted('m1').id), withoutText(posted('m1')))).toEqual({
        kind: 'appended',
      });
      expect(await log.find(room, posted('m1').id)).toEqual({ ...withoutText(posted('m1')), revision: 1 });
      expect(await log.find(room, deletion('d1', posted('m1').id).id)).toMatchObject({ type: 'MessageDeleted' });
    });

    it('given a numbered event, when it is amended, then it keeps its number and reading by number shows it amended', async () => {
      await givenNumbered(posted('m1', 'secret'));
      const found = await log.find(room, posted('m1').id);
      await log.append(deletion('d1', posted('m1').id), withoutText(found!));
      expect(await stored()).toEqual([[1, 'MessagePosted', undefined]]);
    });

    it('given an event that was amended since it was read, when it is amended, then nothing is written', async () => {
      await given(posted('m1'));
      const target = posted('m1').id;
      await log.append(deletion('d1', target), withoutText(posted('m1')));
      expect(await log.append(deletion('d2', target), posted('m1', 'back again'))).toEqual({ kind: 'stale' });
      expect(await log.find(room, deletion('d2', target).id)).toBeUndefined();
      expect(await log.find(room, target)).toEqual({ ...withoutText(posted('m1')), revision: 1 });
    });

    it('given an amended event, when it is amended as it was read, then its revision grows', async () => {
      await given(posted('m1'));
      const target = posted('m1').id;
      await log.append(deletion('d1', target), withoutText(posted('m1')));
      const found = await log.find(room, target);
      expect(await log.append(deletion('d2', target), found)).toEqual({ kind: 'appended' });
      expect(await log.find(room, target)).toMatchObject({ revision: 2 });
    });

    it('given an event that amended, when it comes again, then it is a duplicate', async () => {
      await given(posted('m1'));
      const target = posted('m1').id;
      await log.append(deletion('d1', target), withoutText(posted('m1')));
      expect(await log.append(deletion('d1', target), withoutText(posted('m1')))).toMatchObject({ kind: 'duplicate' });
    });

    it('given no such event, when it is amended, then nothing is written', async () => {
      const target = posted('m1').id;
      expect(await log.append(deletion('d1', target), withoutText(posted('m1')))).toEqual({ kind: 'stale' });
      expect(await log.find(room, target)).toBeUndefined();
      expect(await log.find(room, deletion('d1', target).id)).toBeUndefined();
    });

    it('given many who amend one event at once, then each revision is one of theirs', async () => {
      await given(posted('m1'));
      const target = posted('m1').id;
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, n) => log.append(deletion(`d${n}`, target), withoutText(posted('m1')))),
      );
      expect(outcomes.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
      expect(await log.find(room, target)).toMatchObject({ revision: 1 });
    });
  });

  describe('numbering', () => {
    it('given events, when they are assigned, then they have the next numbers in the order given', async () => {
      const events = await given(posted('m3'), posted('m1'), posted('m2'));
      const head = await log.openHead(room);
      expect(await assign(room, head, events)).toEqual({ kind: 'assigned' });
      expect(await log.head(room)).toEqual({ epoch: head.epoch, seq: 3, numberedAt: subject().now() });
      const read = await log.readAfter(room, 0, 1);
      for (const { numberedAt } of read) expect(numberedAt).toBe(subject().now());
      expect((await stored()).map(([seq, , text]) => [seq, text])).toEqual([
        [1, 'm3'],
        [2, 'm1'],
        [3, 'm2'],
      ]);
    });

    it('given one that has a number, when it comes with others, then nothing is written and its number is told', async () => {
      await givenNumbered(posted('m1'));
      await given(posted('m2'));
      const head = await log.openHead(room);
      const outcome = await assign(room, head, [posted('m2'), posted('m1')]);
      const found = new Map([[posted('m1').id, { ...posted('m1'), seq: 1, numberedAt: subject().now() }]]);
      expect(outcome).toEqual({ kind: 'known', found, absent: new Set() });
      expect(await log.head(room)).toEqual(head);
    });

    it('given one that is not in the log, when it comes with others, then nothing is written and that is told', async () => {
      await given(posted('m1'));
      const outcome = await assign(room, await log.openHead(room), [posted('m1'), posted('m2')]);
      expect(outcome).toMatchObject({ kind: 'known', absent: new Set([posted('m2').id]) });
      expect((await log.head(room)).seq).toBe(0);
    });

    it('given one that was amended since, when it comes as it was, then nothing is written and it is told as it is', async () => {
      await given(posted('m1', 'secret'), posted('m2'));
      await log.append(deletion('d1', posted('m1').id), withoutText(posted('m1')));
      const amended = { ...withoutText(posted('m1')), revision: 1 };
      const head = await log.openHead(room);
      const outcome = await assign(room, head, [posted('m1', 'secret'), posted('m2')]);
      expect(outcome).toEqual({ kind: 'known', found: new Map([[amended.id, amended]]), absent: new Set() });
      expect(await assign(room, head, [amended, posted('m2')])).toEqual({ kind: 'assigned' });
    });

    it('given a message deleted before and after its numbering, then it is numbered without its text, first time and again', async () => {
      for (const [id, seq] of [
        ['m1', 1],
        ['m2', 3],
      ] as const) {
        const [message] = await given(posted(id, 'secret'));
        if (id === 'm2') await sequence(log, room, [message!]);
        const found = await log.find(room, message!.id);
        await log.append(deletion(`d-${id}`, message!.id), withoutText(found!));
        for (let time = 0; time < 2; time++) {
          const { events } = await sequence(log, room, [message!, deletion(`d-${id}`, message!.id)]);
          expect(events.map(({ data }) => data)).toEqual([{ deleted: true }, { target: message!.id, by: alice.id }]);
          expect(events[0]!.seq).toBe(seq);
        }
      }
    });

    it('given a head that was moved meanwhile, when numbers are assigned from the old one, then nothing is written', async () => {
      const old = await log.openHead(room);
      await givenNumbered(posted('m1'));
      await given(posted('m2'));
      expect(await assign(room, old, [posted('m2')])).toEqual({ kind: 'conflict' });
      expect(await stored()).toEqual([[1, 'MessagePosted', 'm1']]);
    });

    it('given overlapping batches, when many are numbered at once, then numbers are dense, unique and agreed upon', async () => {
      const events = Array.from({ length: 30 }, (_, index) => posted(`m${index}`));
      await Promise.all(events.map((event) => log.append(event)));
      const results = await Promise.all([0, 5, 10, 15].map((at) => sequence(log, room, events.slice(at, at + 15))));
      await subject().settled();
      const read = await log.readAfter(room, 0, 100);
      expect(seqs(read)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
      const numbers = new Map(read.map(({ id, seq }) => [id, seq]));
      for (const { events: numbered } of results) for (const { id, seq } of numbered) expect(numbers.get(id)).toBe(seq);
      expect((await log.head(room)).seq).toBe(30);
    });

    it('given 90 events, when they are numbered, then one transaction takes them', async () => {
      const events = Array.from({ length: 90 }, (_, index) => posted(`m${index}`));
      await Promise.all(events.map((event) => log.append(event)));
      expect(log.batchSize).toBeGreaterThanOrEqual(90);
      expect(await assign(room, await log.openHead(room), events)).toEqual({ kind: 'assigned' });
    });
  });

  describe('the rules', () => {
    const mod = { id: 'm'.repeat(22), name: 'mod', role: 'moderator' as const };
    const ruling = (clientMessageId: string, body: EventBody): NewEvent => ({
      ...{ room, id: `${mod.id}:${clientMessageId}`, v: 1, at: 1, actor: mod },
      ...body,
    });
    const ban = (id = 'b1', hide?: true) =>
      ruling(id, { type: 'PersonBanned', data: { person: bob.id, ...(hide ? { hide } : {}) } });
    const lock = () => ruling('l1', { type: 'RoomChanged', data: { locked: true } });
    const bobSays = (id: string) => posted(id, 'hello', bob);
    const rules = async () => log.rules(room, await log.openHead(room));

    it('given a room without any, then they are none, and the head names none', async () => {
      await givenNumbered(posted('m1'));
      expect(await rules()).toEqual(noRules);
      expect(await log.head(room)).not.toHaveProperty('rulesAt');
    });

    it('given an event that changes them, when it is numbered, then they are changed with its number', async () => {
      await givenNumbered(posted('m1'), ban(), posted('m2'), lock());
      expect(await rules()).toEqual({ ...noRules, at: 4, locked: true, bans: { [bob.id]: {} } });
      expect((await log.head(room)).rulesAt).toBe(4);
    });

    it('given rules, when they are changed again, then they are those of the last number', async () => {
      await givenNumbered(ban());
      await givenNumbered(lock());
      expect(await rules()).toEqual({ ...noRules, at: 2, locked: true, bans: { [bob.id]: {} } });
    });

    it('given a ban, when more of its person is numbered, then it has its number and nothing of what was said', async () => {
      const first = await givenNumbered(bobSays('m1'), ban(), bobSays('m2'));
      const second = await givenNumbered(bobSays('m3'), posted('m4'));
      const data = [...first.events, ...second.events].map((event) => event.data);
      const voided = { voided: true };
      expect(data).toEqual([{ text: 'hello' }, { person: bob.id }, voided, voided, { text: 'm4' }]);
      await subject().settled();
      expect((await log.readAfter(room, 0, 10)).map((event) => event.data)).toEqual(data);
      const again = await sequence(log, room, [bobSays('m2'), bobSays('m3')]);
      expect(again.events).toEqual([first.events[2], second.events[0]]);
    });

    it('given a voided message, when who read it before amends it, then nothing is written', async () => {
      await given(bobSays('m1'));
      const found = await log.find(room, bobSays('m1').id);
      await givenNumbered(ban());
      await sequence(log, room, [bobSays('m1')]);
      expect(await log.append(posted('x1'), { ...found!, data: { text: 'hello again' } } as StoredEvent)).toEqual({
        kind: 'stale',
      });
      expect(await log.find(room, bobSays('m1').id)).toMatchObject({ seq: 2, revision: 1, data: { voided: true } });
    });

    it('given many who number at once, then every one judges by the rules at its numbers', async () => {
      const events = Array.from({ length: 20 }, (_, n) => (n % 5 === 2 ? ban(`b${n}`) : bobSays(`m${n}`)));
      await given(...events);
      await Promise.all([0, 5, 10, 15].map((at) => sequence(log, room, events.slice(at, at + 5))));
      await subject().settled();
      const read = await log.readAfter(room, 0, 100);
      const banned = read.find(({ type }) => type === 'PersonBanned')!.seq;
      const spared = read.filter(({ type, data }) => type === 'MessagePosted' && !('voided' in data));
      expect(spared.map(({ seq }) => seq)).toEqual(Array.from({ length: banned - 1 }, (_, n) => n + 1));
    });

    it('given a lost head, then rules and bans are as they were, and the next head is not below them', async () => {
      await givenNumbered(posted('m1'), ban());
      const before = await rules();
      await subject().restoreHead(room, undefined);
      expect(await rules()).toEqual(before);
      const { events } = await givenNumbered(bobSays('m2'));
      expect(events[0]!.seq).toBeGreaterThan(2);
      expect(events[0]!.data).toEqual({ voided: true });
    });

    it('given a room whose events are gone, then its rules hold on', async () => {
      const { events } = await givenNumbered(posted('m1'), ban());
      for (const { id } of events) await subject().delete(room, id);
      await subject().restoreHead(room, undefined);
      await subject().settled();
      const next = await givenNumbered(bobSays('m2'));
      expect(next.events).toMatchObject([{ seq: 3, data: { voided: true } }]);
    });

    it('given a ban that hides, then what was said before is not shown to those who get it again', async () => {
      await givenNumbered(bobSays('m1'));
      const { events } = await sequence(log, room, [...(await given(ban('b1', true))), bobSays('m1')]);
      expect(events.map((event) => event.data)).toEqual([
        { deleted: true, byModerator: true },
        { person: bob.id, hide: true },
      ]);
    });
  });

  describe('scrubbing', () => {
    it('given what somebody said, when it is hidden, then it has no text, is of another revision and keeps its number', async () => {
      const asModerator = posted('m3', 'hello', { ...bob, role: 'moderator' } as typeof bob);
      const said = [posted('m1', 'hello', bob), posted('m2'), asModerator, posted('m4', 'hello', bob)];
      await givenNumbered(...said);
      await given(posted('m5', 'hello', bob));
      const texts = async () =>
        Promise.all(
          [...said, posted('m5', 'hello', bob)].map(async ({ id }) => {
            const { seq, revision, data } = (await log.find(room, id))!;
            return 'text' in data ? data.text : { seq, revision, data };
          }),
        );
      const hidden = (seq: number) => ({ seq, revision: 1, data: { deleted: true, byModerator: true } });
      for (let time = 0; time < 2; time++) {
        await log.scrub(room, { person: bob.id, before: 4, always: false }, () => true);
        expect(await texts()).toEqual([hidden(1), 'm2', 'hello', 'hello', 'hello']);
      }
      await log.scrub(room, { person: bob.id, before: 4, always: true }, () => true);
      expect(await texts()).toEqual([hidden(1), 'm2', hidden(3), 'hello', 'hello']);
      await subject().settled();
      expect((await log.readAfter(room, 0, 1))[0]!.data).toEqual(hidden(1).data);
    });
  });

  describe('names', () => {
    it('given events of somebody, then their name is known in that room', async () => {
      await given(posted('m1'), posted('m2', 'hello', bob));
      expect(await log.nameOf(room, bob.id)).toBe('bob');
      expect(await log.nameOf(room, 'c'.repeat(22))).toBeUndefined();
      expect(await log.nameOf(`${room}-other`, bob.id)).toBeUndefined();
    });
  });

  describe('the head', () => {
    it('given a room nobody wrote in, then it has no epoch', async () => {
      expect(await log.head(room)).toEqual({ epoch: '', seq: 0, numberedAt: 0 });
    });

    it('given a lost row, when numbering goes on, then it is above the highest number and in a new epoch', async () => {
      const first = await givenNumbered(posted('m1'));
      await subject().settled();
      await subject().restoreHead(room, undefined);
      const second = await givenNumbered(posted('m2'));
      expect(second.events[0]!.seq).toBeGreaterThan(1);
      expect(second.epoch).not.toBe(first.epoch);
    });

    it('given a lost row while the index shows nothing yet, when numbering goes on, then no number is given twice', async () => {
      await givenNumbered(posted('m1'), posted('m2'));
      await subject().restoreHead(room, undefined);
      const { events } = await givenNumbered(posted('m3'));
      expect(events[0]!.seq).toBeGreaterThan(2);
    });

    it('given a lost row while the index lags, when numbering goes on, then it is far above what the index shows', async () => {
      await givenNumbered(posted('m1'));
      await subject().settled();
      await givenNumbered(posted('m2'));
      await subject().restoreHead(room, undefined);
      const { events } = await givenNumbered(posted('m3'));
      expect(events[0]!.seq).toBeGreaterThan(1_000);
    });

    it('given a row of an old copy, when numbering goes on, then it is above the log and in a new epoch', async () => {
      const old = await log.openHead(room);
      const { epoch } = await givenNumbered(posted('m1'), posted('m2'));
      await subject().settled();
      await subject().restoreHead(room, old);
      const { events, epoch: next } = await givenNumbered(posted('m3'));
      expect(events[0]!.seq).toBeGreaterThan(2);
      expect(next).not.toBe(epoch);
    });

    it('given a row that is far above the log, when numbering goes on, then it goes on from the row', async () => {
      const { epoch, numberedAt } = await log.openHead(room);
      await subject().restoreHead(room, { epoch, seq: 50, numberedAt });
      const { events, epoch: next } = await givenNumbered(posted('m1'));
      expect(seqs(events)).toEqual([51]);
      expect(next).toBe(epoch);
    });

    it('given a room that was emptied, when numbering goes on, then it begins at 1 again, in a new epoch', async () => {
      const { epoch, events } = await givenNumbered(posted('m1'), posted('m2'));
      for (const { id } of events) await subject().delete(room, id);
      await subject().restoreHead(room, undefined);
      await subject().settled();
      for (const id of ['m3', 'm4']) {
        const next = await givenNumbered(posted(id));
        expect(seqs(next.events)).toEqual([id === 'm3' ? 1 : 2]);
        expect(next.epoch).not.toBe(epoch);
      }
    });

    it('given a lost row, when many read at once, then all get the same new one and the room does not look empty', async () => {
      const { epoch } = await givenNumbered(posted('m1'));
      await subject().settled();
      await subject().restoreHead(room, undefined);
      const heads = await Promise.all(Array.from({ length: 10 }, () => log.head(room)));
      expect(new Set(heads.map((head) => head.epoch)).size).toBe(1);
      expect(heads[0]!.epoch).not.toMatch(new RegExp(`^(${epoch})?$`));
      expect(heads[0]!.seq).toBeGreaterThan(0);
      expect(await log.openHead(room)).toEqual(heads[0]);
    });
  });

  describe('reading', () => {
    it('given ten events, then pages lead in both directions, exclusively', async () => {
      await givenNumbered(...Array.from({ length: 10 }, (_, index) => posted(`m${index}`)));
      await subject().settled();
      expect(seqs(await log.readBefore(room, undefined, 3))).toEqual([10, 9, 8]);
      expect(seqs(await log.readBefore(room, 8, 3))).toEqual([7, 6, 5]);
      expect(seqs(await log.readAfter(room, 8, 3))).toEqual([9, 10]);
      expect(await log.readAfter(room, 10, 3)).toEqual([]);
    });

    it('given one that an operator deleted, then pages pass over it, and nobody gets its number again', async () => {
      const { events } = await givenNumbered(posted('m1'), posted('m2'), posted('m3'));
      await subject().delete(room, events[1]!.id);
      await subject().settled();
      expect(seqs(await log.readBefore(room, undefined, 3))).toEqual([3, 1]);
      expect(seqs(await log.readAfter(room, 0, 3))).toEqual([1, 3]);
      const again = await sequence(log, room, [posted('m2')]);
      expect(again.events).toEqual([]);
    });

    it('given two rooms, then none shows what is in the other', async () => {
      await givenNumbered(posted('m1'));
      await subject().settled();
      expect(await log.readBefore(`${room}-other`, undefined, 10)).toEqual([]);
    });

    it('given an event without a number, then no page shows it', async () => {
      await given(posted('m1'));
      expect(await stored()).toEqual([]);
    });
  });
}

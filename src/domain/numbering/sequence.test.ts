import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noRules } from '../governance/rules.ts';
import type { Assignment, Head, NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { Actor, EventId } from '../schema.generated.ts';
import { type Sequenced, sequence } from './sequence.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const idOf = (n: number) => `${actor.id}:${n}`;

function event(n: number): NewEvent {
  return { room: 'lobby', id: idOf(n), type: 'MessagePosted', v: 1, at: n, actor, data: { text: String(n) } };
}

/** A fault in one transaction. `lost`: the transaction commits, but its answer never arrives. */
type Fault = 'none' | 'conflict' | 'lost';

/** A model of the log, in which each call is atomic. */
class ModelLog {
  readonly numbers = new Map<EventId, number>();
  readonly head: Head = { epoch: 'e', seq: 0, numberedAt: 0 };
  readonly #inLog: ReadonlySet<EventId>;
  readonly #faults: Iterator<Fault>;
  transactions = 0;

  constructor(inLog: Iterable<number>, faults: Iterable<Fault> = []) {
    this.#inLog = new Set([...inLog].map(idOf));
    this.#faults = faults[Symbol.iterator]();
  }

  async openHead(): Promise<Head> {
    return { ...this.head };
  }

  async rules() {
    return noRules;
  }

  async assign(_room: string, { seq }: Head, events: readonly StoredEvent[]): Promise<Assignment> {
    const ids = events.map(({ id }) => id);
    this.transactions++;
    const fault = this.#faults.next().value ?? 'none';
    const absent = new Set(ids.filter((id) => !this.#inLog.has(id)));
    const found = new Map<EventId, StoredEvent>();
    for (const event of events) {
      const seq = this.numbers.get(event.id);
      if (seq !== undefined) found.set(event.id, { ...event, seq });
    }
    if (absent.size + found.size > 0) return { kind: 'known', found, absent };
    if (seq !== this.head.seq || fault === 'conflict') return { kind: 'conflict' };
    for (const id of ids) this.numbers.set(id, ++this.head.seq);
    if (fault === 'lost') throw new Error('The connection was reset.');
    return { kind: 'assigned' };
  }
}

const seqsOf = ({ events }: Sequenced) => events.map(({ seq, id }) => [Number(id.split(':')[1]), seq]);

describe('sequencing', () => {
  it('numbers densely and uniquely, and everyone agrees, whoever runs at once and whatever is lost or delivered again (I2, I3, I5)', async () => {
    const IN_LOG = 12;
    const batch = fc.uniqueArray(fc.integer({ min: 1, max: IN_LOG + 3 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom<Fault>('none', 'conflict', 'lost'), { maxLength: 10 }),
        fc.scheduler(),
        async (batches, faults, scheduler) => {
          const log = new ModelLog(range(1, IN_LOG), faults);
          const interleaved = {
            openHead: scheduler.scheduleFunction(log.openHead.bind(log)),
            rules: scheduler.scheduleFunction(log.rules.bind(log)),
            assign: scheduler.scheduleFunction(log.assign.bind(log)),
          };
          // Delivers a failed batch again, as the stream does. No batch fails more often than there are faults.
          const deliver = async (batch: readonly number[], tries = faults.length): Promise<Sequenced> =>
            sequence(interleaved, 'lobby', batch.map(event)).catch((error) => {
              if (tries === 0) throw error;
              return deliver(batch, tries - 1);
            });
          const outcomes = await scheduler.waitFor(Promise.all(batches.map((batch) => deliver(batch))));

          const delivered = new Set(batches.flat().filter((n) => n <= IN_LOG));
          expect([...log.numbers.values()].sort((a, b) => a - b)).toEqual(range(1, delivered.size));
          expect(log.head.seq).toBe(delivered.size);
          for (const [index, outcome] of outcomes.entries()) {
            const inLog = batches[index]!.filter((n) => delivered.has(n));
            expect(seqsOf(outcome)).toEqual(
              inLog.map((n) => [n, log.numbers.get(idOf(n))]).sort(([, a], [, b]) => a! - b!),
            );
          }
          expect(outcomes.reduce((sum, { assigned }) => sum + assigned, 0)).toBeLessThanOrEqual(delivered.size);
        },
      ),
    );
  });

  it('keeps the order of the batch, after what was there before', async () => {
    const log = new ModelLog(range(1, 9));
    await sequence(log, 'lobby', [event(9)]);
    expect(seqsOf(await sequence(log, 'lobby', [5, 3, 4].map(event)))).toEqual([
      [5, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('counts an event once that is in its batch twice', async () => {
    const log = new ModelLog([1]);
    expect(await sequence(log, 'lobby', [event(1), event(1)])).toMatchObject({ assigned: 1, events: [{ seq: 1 }] });
  });

  it('gives a redelivered batch the numbers it has, and assigns none', async () => {
    const log = new ModelLog(range(1, 3));
    const batch = range(1, 3).map(event);
    const first = await sequence(log, 'lobby', batch);
    expect(await sequence(log, 'lobby', batch)).toEqual({ ...first, assigned: 0 });
  });

  it('leaves what is not in the log without a number and without a hole', async () => {
    const log = new ModelLog([1, 3]);
    expect(seqsOf(await sequence(log, 'lobby', range(1, 3).map(event)))).toEqual([
      [1, 1],
      [3, 2],
    ]);
    expect(await sequence(log, 'lobby', [event(99)])).toMatchObject({ epoch: 'e', events: [], assigned: 0 });
  });

  it('numbers a whole batch in one transaction', async () => {
    const log = new ModelLog(range(1, 90));
    await sequence(log, 'lobby', range(1, 90).map(event));
    expect(log.transactions).toBe(1);
  });

  it('keeps what it learned while it loses a race', async () => {
    const log = new ModelLog(range(1, 2), ['none', 'conflict', 'conflict']);
    await sequence(log, 'lobby', [event(1)]);
    expect(seqsOf(await sequence(log, 'lobby', range(1, 2).map(event)))).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('gives up in the end where the head is lost again and again, with nothing half done', async () => {
    const log = new ModelLog([1], Array<Fault>(100).fill('conflict'));
    await expect(sequence(log, 'lobby', [event(1)])).rejects.toMatchObject({
      ...{ code: 'unavailable', message: expect.stringContaining('events of room lobby') },
    });
    expect(log.transactions).toBe(20);
    expect(log.numbers.size).toBe(0);
  });

  it('numbers an event as it is in the log, where it was amended since the stream saw it', async () => {
    const log = new ModelLog([1, 2]);
    const amended = { ...event(1), data: { deleted: true } } as unknown as StoredEvent;
    const assign = log.assign.bind(log);
    log.assign = async (room, head, events) =>
      events.some((event) => event.id === amended.id && event.data !== amended.data)
        ? { kind: 'known', found: new Map([[amended.id, amended]]), absent: new Set() }
        : assign(room, head, events);
    const { events, assigned } = await sequence(log, 'lobby', [event(1), event(2)]);
    expect(events).toMatchObject([
      { seq: 1, id: idOf(1), data: { deleted: true } },
      { seq: 2, id: idOf(2), data: { text: '2' } },
    ]);
    expect(assigned).toBe(2);
  });

  it('writes nothing where nothing is left to number', async () => {
    const log = new ModelLog([1]);
    await sequence(log, 'lobby', [event(1)]);
    log.transactions = 0;
    expect(await sequence(log, 'lobby', [])).toEqual({ epoch: 'e', rules: noRules, events: [], assigned: 0 });
    expect(log.transactions).toBe(0);
    await sequence(log, 'lobby', [event(1)]);
    expect(log.transactions).toBe(1);
  });

  it('hides by the rules what a ban of the same batch hides: what has a lower number', async () => {
    const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
    const ban = { ...event(0), id: `${moderator.id}:0`, actor: moderator, type: 'PersonBanned' } as const;
    const hiding: NewEvent = { ...ban, data: { person: actor.id, hide: true } };
    const log = new ModelLog(range(1, 9));
    await sequence(log, 'lobby', range(1, 5).map(event));
    log.assign = async () => ({ kind: 'assigned' });
    const { events, rules } = await sequence(log, 'lobby', [event(6), hiding, event(7)]);
    expect(events).toMatchObject([
      { seq: 6, data: { deleted: true, byModerator: true } },
      { seq: 7, type: 'PersonBanned' },
      { seq: 8, data: { voided: true } },
    ]);
    expect(rules).toMatchObject({ at: 7, hidden: { [actor.id]: { before: 7 } } });
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

import { describe, expect, it } from 'vitest';
import { noRules } from '../governance/rules.ts';
import type { Assignment, NewEvent, StoredEvent } from '../ports/event-log.ts';
import { sequenceAll } from './sequence-all.ts';

const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'alice' };
const event = (n: number): NewEvent => ({
  ...{ room: 'lobby', id: `${actor.id}:${n}`, type: 'MessagePosted', v: 1, at: n, actor, data: { text: `${n}` } },
});
const eventsTo = (n: number) => Array.from({ length: n }, (_, i) => event(i + 1));

/** A log that numbers at most ten events in one transaction. */
function log() {
  const numbers = new Map<string, number>();
  const state = { epoch: 'e', seq: 0, numberedAt: 0 };
  const transactions: number[] = [];
  return {
    state,
    transactions,
    batchSize: 10,
    openHead: async () => ({ ...state }),
    rules: async () => noRules,
    assign: async (_: string, __: object, events: readonly StoredEvent[]): Promise<Assignment> => {
      const found = new Map(
        events
          .filter(({ id }) => numbers.has(id))
          .map((event) => [event.id, { ...event, seq: numbers.get(event.id)! }]),
      );
      if (found.size > 0) return { kind: 'known', found, absent: new Set() };
      transactions.push(events.length);
      for (const { id } of events) numbers.set(id, ++state.seq);
      return { kind: 'assigned' };
    },
  };
}

describe('more events than one transaction takes', () => {
  it('are numbered in several, in their order, and returned together', async () => {
    const store = log();
    const { events, assigned } = await sequenceAll(store, 'lobby', eventsTo(25), () => true);
    expect(store.transactions).toEqual([10, 10, 5]);
    expect(assigned).toBe(25);
    expect(events.map(({ seq, at }) => [seq, at])).toEqual(Array.from({ length: 25 }, (_, i) => [i + 1, i + 1]));
  });

  it('take no transaction more than they fill', async () => {
    const store = log();
    let read = 0;
    const { openHead } = store;
    store.openHead = () => {
      read++;
      return openHead();
    };
    await sequenceAll(store, 'lobby', eventsTo(20), () => true);
    expect([read, store.transactions]).toEqual([2, [10, 10]]);
  });

  it('are in the order of their numbers, in whatever order they were delivered again', async () => {
    const store = log();
    await sequenceAll(store, 'lobby', eventsTo(25), () => true);
    const { events } = await sequenceAll(store, 'lobby', eventsTo(25).reverse(), () => true);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });

  it('that are none still tell where the room is', async () => {
    expect(await sequenceAll(log(), 'lobby', [], () => true)).toEqual({
      ...{ epoch: 'e', rules: noRules, events: [], assigned: 0 },
    });
  });

  it('are there once, however often they were delivered', async () => {
    const store = log();
    const { events, assigned } = await sequenceAll(store, 'lobby', [...eventsTo(12), ...eventsTo(12)], () => true);
    expect(assigned).toBe(12);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('keep the numbers they got, if there is no time for the rest', async () => {
    const store = log();
    let attempts = 0;
    const numbering = sequenceAll(store, 'lobby', eventsTo(25), () => ++attempts <= 2);
    await expect(numbering).rejects.toMatchObject({ code: 'unavailable' });
    const { assigned, events } = await sequenceAll(store, 'lobby', eventsTo(25), () => true);
    expect([assigned, events.length]).toEqual([5, 25]);
  });

  it('are those of the last epoch, if the head was lost between them', async () => {
    const store = log();
    const assign = store.assign;
    store.assign = async (room, head, events) => {
      const outcome = await assign(room, head, events);
      if (store.transactions.length === 1) Object.assign(store.state, { epoch: 'f', seq: 1_010 });
      return outcome;
    };
    const { epoch, events } = await sequenceAll(store, 'lobby', eventsTo(20), () => true);
    expect(epoch).toBe('f');
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, i) => 1_011 + i));
  });
});

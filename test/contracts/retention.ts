import { expect, it } from 'vitest';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { EventLog, NewEvent } from '../../src/domain/ports/event-log.ts';
import { PAST } from '../../src/domain/reading/cursor.ts';
import { chatHistory, eventsAfter } from '../../src/domain/reading/history.ts';

export interface RetentionSubject {
  /** A log that keeps events for {@link KEPT_MS}. */
  log: EventLog;
  pass(ms: number): void;
  settled(): Promise<void>;
}

export const KEPT_MS = 90 * 86_400_000;
const alice = { id: 'a'.repeat(22), name: 'alice' };
let rooms = 0;

/** The contract of every log that drops old events. */
export function retentionContract(subject: () => RetentionSubject): void {
  const says = async (room: string, n: number) => {
    const event: NewEvent = {
      ...{ room, id: `${alice.id}:${n}`, type: 'MessagePosted', v: 1, at: 1, actor: alice, data: { text: `${n}` } },
    };
    await subject().log.append(event);
    await sequence(subject().log, room, [event]);
  };

  it('given old and new events, then pages end at the floor, which the head remembers, and numbers go on', async () => {
    const { log, pass, settled } = subject();
    const room = `kept-${process.pid}-${rooms++}`;
    for (let n = 1; n <= 3; n++) await says(room, n);
    pass(KEPT_MS - 1_000);
    await says(room, 4);
    await settled();
    expect((await chatHistory(log, room, undefined, 10)).messages.map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
    pass(2_000);
    await says(room, 5);
    await settled();
    const page = await chatHistory(log, room, undefined, 10);
    expect(page).toMatchObject({ head: 5, nextBefore: null });
    expect(page.messages.map(({ seq }) => seq)).toEqual([5, 4]);
    expect(await log.head(room)).toMatchObject({ seq: 5, floor: 3 });
    expect(await eventsAfter(log, room, 1, 10)).toEqual({ epoch: PAST, head: 5, events: [] });
    expect((await eventsAfter(log, room, 3, 10)).events.map(({ seq }) => seq)).toEqual([4, 5]);
  });

  it('given a floor, then it never falls, survives numbering, and is not that of another epoch', async () => {
    const { log } = subject();
    const room = `kept-${process.pid}-${rooms++}`;
    for (let n = 1; n <= 4; n++) await says(room, n);
    const head = await log.head(room);
    await log.raiseFloor(room, head, 2);
    await log.raiseFloor(room, head, 1);
    await log.raiseFloor(room, { ...head, epoch: 'another' }, 3);
    await says(room, 5);
    expect(await log.head(room)).toMatchObject({ seq: 5, floor: 2 });
  });
}

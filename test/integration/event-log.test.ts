import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

const alice = { id: 'a'.repeat(22), name: 'alice' };
let engine: TestDynamoDB;
let log: DynamoEventLog;
let room = '';
let rooms = 0;

beforeAll(async () => {
  engine = await startDynamoDB();
  log = new DynamoEventLog(documentClient(), { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE });
});
afterAll(() => engine.stop());
beforeEach(() => {
  room = `room-${process.pid}-${rooms++}`;
});

function posted(clientMessageId: string, text = clientMessageId, actor = alice): NewEvent {
  return { room, id: `${actor.id}:${clientMessageId}`, type: 'MessagePosted', v: 1, at: 1, actor, data: { text } };
}

describe('append', () => {
  it('appends an event once, whatever number of times it is sent', async () => {
    expect(await log.append(posted('m1'))).toBe('appended');
    expect(await log.append(posted('m1'))).toBe('duplicate');
    await sequence(log, room, [posted('m1')]);
    expect(await log.readAfter(room, 0, 10)).toHaveLength(1);
  });

  it('has one winner when the same event is sent many times at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => log.append(posted('m1'))));
    expect(outcomes.filter((outcome) => outcome === 'appended')).toHaveLength(1);
  });

  it('refuses another text under the same id', async () => {
    await log.append(posted('m1', 'hello'));
    await expect(log.append(posted('m1', 'goodbye'))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes the same clientMessageId from another person', async () => {
    await log.append(posted('m1'));
    expect(await log.append(posted('m1', 'm1', { id: 'b'.repeat(22), name: 'bob' }))).toBe('appended');
  });
});

describe('sequencing', () => {
  it('numbers densely from 1 in the order given', async () => {
    const events = ['m3', 'm1', 'm2'].map((id) => posted(id));
    for (const event of events) await log.append(event);
    const { events: numbered, assigned } = await sequence(log, room, events);
    expect(numbered.map(({ seq, data }) => [seq, data.text])).toEqual([
      [1, 'm3'],
      [2, 'm1'],
      [3, 'm2'],
    ]);
    expect(assigned).toBe(3);
    expect((await log.head(room)).seq).toBe(3);
  });

  it('gives a redelivered event the number it has, and the new ones beside it the next', async () => {
    const [one, two, three] = ['m1', 'm2', 'm3'].map((id) => posted(id)) as [NewEvent, NewEvent, NewEvent];
    for (const event of [one, two, three]) await log.append(event);
    await sequence(log, room, [one, two]);
    const { events, assigned } = await sequence(log, room, [one, three, two]);
    expect(events.map(({ seq, data }) => [seq, data.text])).toEqual([
      [1, 'm1'],
      [2, 'm2'],
      [3, 'm3'],
    ]);
    expect(assigned).toBe(1);
  });

  it('stays dense and unique when many sequence overlapping batches at once', async () => {
    const events = Array.from({ length: 30 }, (_, index) => posted(`m${index}`));
    await Promise.all(events.map((event) => log.append(event)));
    const results = await Promise.all([0, 5, 10, 15].map((from) => sequence(log, room, events.slice(from, from + 15))));
    const read = await log.readAfter(room, 0, 100);
    expect(read.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    const numbers = new Map(read.map(({ id, seq }) => [id, seq]));
    for (const { events: numbered } of results) for (const { id, seq } of numbered) expect(numbers.get(id)).toBe(seq);
    expect((await log.head(room)).seq).toBe(30);
  });

  it('skips an event that is not in the log, without a hole', async () => {
    await log.append(posted('m1'));
    await log.append(posted('m3'));
    const { events } = await sequence(log, room, [posted('m1'), posted('m2'), posted('m3')]);
    expect(events.map(({ seq, data }) => [seq, data.text])).toEqual([
      [1, 'm1'],
      [2, 'm3'],
    ]);
  });

  it('takes 90 events in one transaction', async () => {
    const events = Array.from({ length: 90 }, (_, index) => posted(`m${index}`));
    await Promise.all(events.map((event) => log.append(event)));
    const { assigned } = await sequence(log, room, events);
    expect(assigned).toBe(90);
  });

  it('goes on above the highest number, in a new epoch, when the head row is lost', async () => {
    await log.append(posted('m1'));
    const first = await sequence(log, room, [posted('m1')]);
    await documentClient().send(new DeleteCommand({ TableName: STATE_TABLE, Key: { pk: `ROOM#${room}`, sk: 'HEAD' } }));
    await log.append(posted('m2'));
    const second = await sequence(log, room, [posted('m2')]);
    expect(second.events[0]?.seq).toBe(2);
    expect(second.epoch).not.toBe(first.epoch);
  });
});

describe('a lost head row', () => {
  const loseHead = () =>
    documentClient().send(new DeleteCommand({ TableName: STATE_TABLE, Key: { pk: `ROOM#${room}`, sk: 'HEAD' } }));

  it('is made anew by whoever reads, so that the room does not look empty until somebody writes', async () => {
    await log.append(posted('m1'));
    const { epoch } = await sequence(log, room, [posted('m1')]);
    await loseHead();
    const heads = await Promise.all(Array.from({ length: 10 }, () => log.head(room)));
    expect(new Set(heads.map((head) => head.epoch)).size).toBe(1);
    expect(heads[0]).toEqual({ epoch: expect.not.stringMatching(`^(${epoch})?$`), seq: 1 });
    expect(await log.openHead(room)).toEqual(heads[0]);
  });
});

describe('deletion', () => {
  it('scrubs the text from the log and is an event of its own', async () => {
    await log.append(posted('m1', 'secret'));
    const target = `${alice.id}:m1`;
    const deletion: NewEvent = { ...posted('d1'), type: 'MessageDeleted', data: { target, by: alice.id } };
    expect(await log.appendDeletion(deletion, target)).toBe('appended');
    expect(await log.appendDeletion(deletion, target)).toBe('duplicate');
    await sequence(log, room, [posted('m1', 'secret'), deletion]);
    const events = await log.readAfter(room, 0, 10);
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events.map(({ type }) => type)).toEqual(['MessagePosted', 'MessageDeleted']);
  });

  it('is still a duplicate, not a conflict, when the deleted message is sent again', async () => {
    await log.append(posted('m1', 'secret'));
    const target = `${alice.id}:m1`;
    await log.appendDeletion({ ...posted('d1'), type: 'MessageDeleted', data: { target, by: alice.id } }, target);
    expect(await log.append(posted('m1', 'secret'))).toBe('duplicate');
  });

  it('refuses a target that is not there', async () => {
    const target = `${alice.id}:nothing`;
    const deletion: NewEvent = { ...posted('d1'), type: 'MessageDeleted', data: { target, by: alice.id } };
    await expect(log.appendDeletion(deletion, target)).rejects.toMatchObject({ code: 'invalid_message' });
  });
});

describe('reading', () => {
  it('pages in both directions, exclusively', async () => {
    const events = Array.from({ length: 10 }, (_, index) => posted(`m${index}`));
    for (const event of events) await log.append(event);
    await sequence(log, room, events);
    const seqs = (page: { seq: number }[]) => page.map(({ seq }) => seq);
    expect(seqs(await log.readBefore(room, undefined, 3))).toEqual([10, 9, 8]);
    expect(seqs(await log.readBefore(room, 8, 3))).toEqual([7, 6, 5]);
    expect(seqs(await log.readAfter(room, 8, 3))).toEqual([9, 10]);
  });

  it('says that a room without events has no epoch', async () => {
    expect(await log.head(room)).toEqual({ epoch: '', seq: 0 });
  });
});

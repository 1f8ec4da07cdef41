import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../ports/event-log.ts';
import type { StoredReport } from '../ports/reports.ts';
import type { ReportMessage } from '../schema.generated.ts';
import { reportMessage } from './report-message.ts';

const bob = { id: 'b'.repeat(22), name: 'bob' };
const target = `${'a'.repeat(22)}:m1`;
const message = { id: target, type: 'MessagePosted', data: { text: 'hello' } } as StoredEvent;

function room(found: StoredEvent | undefined) {
  const kept: [string, StoredReport][] = [];
  const ports = {
    log: { find: async (room: string, id: string) => (room === 'lobby' && id === target ? found : undefined) },
    reports: { add: async (room: string, report: StoredReport) => void kept.push([room, report]) },
  };
  const report = (reason?: string) =>
    reportMessage(
      {
        action: 'reportMessage',
        target,
        clientMessageId: 'r1',
        ...(reason === undefined ? {} : { reason }),
      } as ReportMessage,
      { room: 'lobby', actor: bob, clientMessageId: 'r1', at: 42 },
      ports,
    );
  return { kept, report };
}

describe('a report', () => {
  it('is kept with who made it, when, and why where they say so', async () => {
    const { kept, report } = room(message);
    await report();
    await report('spam');
    expect(await report('')).toEqual({ deleted: false });
    expect(kept).toStrictEqual([
      ['lobby', { target, by: bob, at: 42 }],
      ['lobby', { target, by: bob, at: 42, reason: 'spam' }],
      ['lobby', { target, by: bob, at: 42 }],
    ]);
  });

  it('of a deleted message is not needed, and no fault of who sends it again', async () => {
    const { kept, report } = room({ ...message, data: { deleted: true } } as StoredEvent);
    expect(await report()).toEqual({ deleted: true });
    expect(kept).toEqual([]);
  });

  it.each([
    ['there is no such message', undefined],
    ['it is no message', { ...message, type: 'RoomChanged' }],
  ])('is refused where %s', async (_what, found) => {
    const { kept, report } = room(found as StoredEvent | undefined);
    await expect(report()).rejects.toMatchObject({
      ...{ code: 'invalid_message', message: expect.stringMatching(/no such message/), clientMessageId: 'r1' },
    });
    expect(kept).toEqual([]);
  });
});

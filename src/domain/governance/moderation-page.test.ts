import { expect, it } from 'vitest';
import type { StoredEvent } from '../ports/event-log.ts';
import type { StoredReport } from '../ports/reports.ts';
import { moderationPage } from './moderation-page.ts';
import { noRules, type Rules } from './rules.ts';

const bob = { id: 'b'.repeat(22), name: 'bob' };
const carol = { id: 'c'.repeat(22), name: 'carol' };
const NOW = 100_000;

const message = (seq: number | undefined, more: object = { data: { text: `text ${seq}` } }) =>
  ({
    room: 'lobby',
    id: `${bob.id}:${seq}`,
    type: 'MessagePosted',
    v: 1,
    at: 10,
    actor: bob,
    seq,
    ...more,
  }) as StoredEvent;
const report = (seq: number | undefined, at: number, more: object = {}): StoredReport => ({
  ...{ target: `${bob.id}:${seq}`, by: carol, at },
  ...more,
});

function page(events: readonly StoredEvent[], reports: readonly StoredReport[], rules: Rules = noRules) {
  const head = { epoch: 'e', seq: 9 };
  const log = {
    head: async (room: string) => (room === 'lobby' ? head : undefined),
    rules: async (_room: string, at: unknown) => (at === head ? rules : noRules),
    find: async (_room: string, id: string) => events.find((event) => event.id === id),
    nameOf: async (_room: string, person: string) => (person === bob.id ? 'bob' : undefined),
  };
  return moderationPage('lobby', { log: log as never, reports: { inRoom: async () => [...reports] } }, NOW);
}

it('shows reported messages with what was said of them, the latest report first', async () => {
  const reports = [report(1, 20), report(2, 50, { reason: 'spam' }), report(1, 60), report(2, 40)];
  expect(await page([message(1), message(2)], reports)).toStrictEqual({
    reports: [
      {
        message: { seq: 1, id: `${bob.id}:1`, at: 10, actor: bob, text: 'text 1' },
        reports: [
          { by: carol, at: 60 },
          { by: carol, at: 20 },
        ],
      },
      {
        message: { seq: 2, id: `${bob.id}:2`, at: 10, actor: bob, text: 'text 2' },
        reports: [
          { by: carol, at: 50, reason: 'spam' },
          { by: carol, at: 40 },
        ],
      },
    ],
    bans: [],
  });
});

it('shows nothing that nobody sees any more: deleted, hidden, without a number, or gone', async () => {
  const events = [
    message(1),
    message(6, { data: { deleted: true } }),
    message(undefined, { data: { text: 'not numbered' } }),
    message(3, { type: 'RoomChanged', data: { text: 'no message' } }),
    message(8),
  ];
  const rules = { ...noRules, at: 5, hidden: { [bob.id]: { before: 5 } } };
  const reports = [1, 6, undefined, 3, 4, 8].map((seq) => report(seq, 20));
  const { reports: shown } = await page(events, reports, rules);
  expect(shown.map(({ message }) => message.seq)).toEqual([8]);
});

it('shows a hundred messages, those with the latest reports', async () => {
  const numbers = Array.from({ length: 101 }, (_, n) => n + 1);
  const { reports } = await page(
    numbers.map((seq) => message(seq)),
    numbers.map((seq) => report(seq, seq)),
  );
  expect(reports.map(({ message }) => message.seq)).toEqual(numbers.slice(1).reverse());
});

it('finds what is still shown behind reports about deleted messages, among the latest thousand', async () => {
  const numbers = Array.from({ length: 1_200 }, (_, n) => n + 1);
  const { reports } = await page(
    numbers.map((seq) => message(seq, { data: seq > 250 ? { deleted: true } : { text: `text ${seq}` } })),
    numbers.map((seq) => report(seq, seq)),
  );
  expect(reports.map(({ message }) => message.seq)).toEqual(numbers.slice(200, 250).reverse());
});

it('shows the bans in force, by name where it is known, and the rules once there are any', async () => {
  const bans = { [bob.id]: { until: NOW + 1 }, [carol.id]: {}, ['d'.repeat(22)]: { until: NOW } };
  const shown = await page([], [], { ...noRules, at: 3, slow: 10, bans });
  expect(shown.bans).toStrictEqual([{ person: bob.id, until: NOW + 1, name: 'bob' }, { person: carol.id }]);
  expect(shown.rules).toMatchObject({ slow: 10 });
});

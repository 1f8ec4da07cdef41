import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { costOf, prices } from './prices.ts';
import { dollars, monthly, report, savedByCoalescing } from './report.ts';
import { pingsPerHour, usage } from './usage.ts';

const evening = { users: 100_000, messagesPerHour: 3_600, hours: 4, coalesced: 10, months: 12, signIns: 0 };

test('every row of docs/cost.md is what the calculator says', async () => {
  const rows = [...(await readFile('docs/cost.md', 'utf8')).matchAll(/^\| [a-z][^|]*\|(.*)\|$/gm)].map(([, cells]) =>
    cells!.split('|').map((cell) => cell.trim().replaceAll(',', '')),
  );
  expect(rows.length).toBe(4);
  for (const [users, messagesPerHour, hours, coalesced, cost] of rows) {
    const box = {
      users: Number(users),
      messagesPerHour: Number(messagesPerHour),
      hours: Number(hours),
      coalesced: Number(coalesced),
      months: 12,
      signIns: 0,
    };
    expect(dollars(monthly(box)).replaceAll(',', '')).toBe(cost);
  }
});

test('what is free is free, and above a tier it is cheaper', () => {
  expect(costOf('invocations', 1e6)).toBe(0);
  expect(costOf('invocations', 2e6)).toBeCloseTo(0.2);
  expect(costOf('webSocketMessages', 2e9)).toBeCloseTo(1_000 + 800);
});

test('coalescing saves most of an evening', () => {
  expect(savedByCoalescing(evening)).toBeGreaterThan(monthly(evening) * 5);
  expect(report(evening)).toContain('saved by coalescing');
});

test('what is kept, and who signs in, costs what docs/cost.md says of it', async () => {
  const page = (await readFile('docs/cost.md', 'utf8')).replaceAll(/\s+/g, ' ');
  const million = { users: 0, messagesPerHour: 1e6, hours: 1, coalesced: 90, months: 1, signIns: 0 };
  const { logStorage, backups } = usage(million);
  const aMonth = dollars(logStorage * prices.logStorage.usd + backups * prices.backups.usd);
  expect(page).toContain(`A million messages cost ${aMonth} a month to keep`);
  const alone = usage({ ...million, coalesced: Number.POSITIVE_INFINITY });
  expect(page).toContain(`A million messages cost ${dollars(alone.writes * prices.writes.usd)} to write`);
  expect(page).toContain(`${alone.queueRequests.toLocaleString('en-US')} requests a month of the million`);
  const keys = dollars(costOf('kmsRequests', usage({ ...million, users: 1_000, hours: 730 }).kmsRequests));
  expect(page).toContain(`at most ${keys} a month`);
  expect(page).toContain(
    `50,000 people cost ${dollars(costOf('signIns', usage({ ...million, signIns: 50_000 }).signIns))} a month`,
  );
});

test('pings are those of the page: fewest in a silent room and in a busy one', () => {
  expect([0, 60, 150, 3_600].map((frames) => Math.round(pingsPerHour(frames)))).toEqual([15, 41, 54, 15]);
  expect(pingsPerHour(0.001)).toBeCloseTo(pingsPerHour(0), 2);
});

test('nobody there costs next to nothing', async () => {
  const idle = monthly({ ...evening, users: 0, messagesPerHour: 0, hours: 730 });
  expect(await readFile('docs/cost.md', 'utf8')).toContain(`An idle box costs ${dollars(idle)}`);
  expect(idle).toBeLessThan(2);
});

test('a wrong argument is a sentence and a failure', async () => {
  const failed = promisify(execFile)(process.execPath, [
    'deploy/cost.ts',
    '--users',
    'many',
    '--messages-per-hour',
    '1',
  ]);
  await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('--users must be a number') });
});

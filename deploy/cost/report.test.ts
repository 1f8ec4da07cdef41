import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { costOf } from './prices.ts';
import { dollars, monthly, report, savedByCoalescing } from './report.ts';

const evening = { users: 100_000, messagesPerHour: 3_600, hours: 4, coalesced: 10 };

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

test('nobody there costs next to nothing', () => {
  expect(monthly({ users: 0, messagesPerHour: 0, hours: 730, coalesced: 1 })).toBeLessThan(1);
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

import { expect, test } from 'vitest';
import { dayHeading, dayOf, relativeTime } from './time.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const MINUTE = 60_000;

test.each([
  [0, 'now'],
  [44_000, 'now'],
  [-30_000, 'now'],
  [46_000, '1 min. ago'],
  [5 * MINUTE, '5 min. ago'],
  [59 * MINUTE, '59 min. ago'],
])('%i ms ago is %j', (age, text) => {
  expect(relativeTime(now - age, now, 'en')).toBe(text);
});

test('from an hour on, and ahead of the clock, it is the time of day', () => {
  expect(relativeTime(now - 90 * MINUTE, now, 'de')).toBe('10:30');
  expect(relativeTime(now + 90 * MINUTE, now, 'de')).toBe('13:30');
});

test('a heading says the day as people do', () => {
  const day = 24 * 60 * MINUTE;
  expect(dayHeading(now, now, 'en')).toBe('Today');
  expect(dayHeading(now - day, now, 'de')).toBe('Gestern');
  expect(dayHeading(now - 3 * day, now, 'en')).toBe('Friday, November 20');
  expect(dayHeading(now - 400 * day, now, 'en')).toBe('October 19, 2025');
});

test('a day ends at local midnight', () => {
  const midnight = new Date(2026, 10, 24).getTime();
  expect(dayOf(midnight) - dayOf(midnight - 1)).toBe(1);
});

import { describe, expect, it } from 'vitest';
import { TableClock } from './table-clock.ts';

const NOW = Date.parse('2027-01-15T12:00:00.400Z');
const MINUTE = 60_000;

/** A machine whose clock is wrong by `off` ms. */
function machine(off: number) {
  const local = { now: NOW + off };
  return { local, clock: new TableClock(() => local.now) };
}

const date = (at: number) => new Date(at).toUTCString();

describe('the clock of the table', () => {
  it('is the machine’s own before anything is heard, and where that agrees', () => {
    const { clock } = machine(-900);
    expect(clock.now()).toBe(NOW - 900);
    clock.heard(date(NOW));
    expect(clock.now()).toBe(NOW - 900);
  });

  it('is the same within two seconds on machines that are ten minutes apart', () => {
    const times = [-5 * MINUTE, 0, 5 * MINUTE].map((off) => {
      const { clock } = machine(off);
      clock.heard(date(NOW));
      return clock.now();
    });
    for (const time of times) expect(Math.abs(time - NOW)).toBeLessThan(2_000);
  });

  it('goes on between two answers, and follows a machine that was set right', () => {
    const { local, clock } = machine(5 * MINUTE);
    clock.heard(date(NOW));
    local.now += 30_000;
    expect(Math.abs(clock.now() - NOW - 30_000)).toBeLessThan(2_000);
    local.now = NOW + 40_000;
    clock.heard(date(NOW + 40_000));
    expect(clock.now()).toBe(NOW + 40_000);
  });

  it('ignores an answer without a date', () => {
    const { clock } = machine(5 * MINUTE);
    clock.heard(date(NOW));
    const before = clock.now();
    for (const none of [undefined, '', 'today']) clock.heard(none);
    expect(clock.now()).toBe(before);
  });
});

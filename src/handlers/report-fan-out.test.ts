import { expect, it } from 'vitest';
import { noRules } from '../domain/governance/rules.ts';
import type { Sequenced } from '../domain/numbering/sequence.ts';
import type { Counter, Telemetry } from '../domain/ports/telemetry.ts';
import type { Delivery } from '../domain/ports/workers.ts';
import { reportFanOut } from './report-fan-out.ts';

const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'alice' };
const sequenced: Sequenced = {
  epoch: 'e',
  rules: noRules,
  events: [{ seq: 1, id: `${actor.id}:1`, type: 'MessagePosted', at: 1_000, actor, data: { text: 'hi' } }],
  assigned: 1,
};

/** Returns the metrics and log lines of a delivery that ended 40 ms after the append. */
function reported(delivery: Delivery) {
  const counts: Partial<Record<Counter, number>> = {};
  const latencies: number[] = [];
  const lines: [level: string, fields: object | undefined][] = [];
  const telemetry: Telemetry = {
    count: (counter, by = 1) => {
      if (by > 0) counts[counter] = by;
    },
    measure: (measure, value) => {
      if (measure === 'DeliveryLatency') latencies.push(value);
    },
    log: (level, _, fields) => lines.push([level, fields]),
    flush: () => {},
  };
  reportFanOut(telemetry, { room: 'lobby', sequenced, delivery, endedAt: 1_040 });
  return { counts, latencies, lines };
}

it('a delivery that went well is an info line with its latency', () => {
  const { counts, latencies, lines } = reported({ delivered: 3, gone: 1, failed: 0, expired: 0 });
  expect(counts).toEqual({ Sequenced: 1, Delivered: 3, Gone: 1 });
  expect(latencies).toEqual([40]);
  expect(lines.map(([level]) => level)).toEqual(['info']);
});

it('a delivery that reached nobody is loud: an error with its reason, counted by cause, and no latency', () => {
  const delivery: Delivery = {
    ...{ delivered: 0, gone: 0, failed: 5, expired: 0 },
    ...{ causes: { refused: 4, late: 1 }, reason: '403' },
  };
  const { counts, latencies, lines } = reported(delivery);
  expect(counts).toEqual({ Sequenced: 1, Failed: 5, Rejected: 4, Late: 1 });
  expect(latencies).toEqual([]);
  expect(lines).toEqual([['error', expect.objectContaining({ reason: '403', causes: { refused: 4, late: 1 } })]]);
});

it('one that missed some is a warning', () => {
  const delivery: Delivery = {
    ...{ delivered: 9, gone: 0, failed: 1, expired: 0 },
    ...{ causes: { silent: 1 }, reason: 'no answer' },
  };
  const { counts, latencies, lines } = reported(delivery);
  expect(counts).toMatchObject({ Delivered: 9, Failed: 1, Silent: 1 });
  expect(latencies).toEqual([40]);
  expect(lines.map(([level]) => level)).toEqual(['warn']);
});

import type { Invariant } from '../faults/verdict.ts';

/** A small wrong change to the shipping code. The simulation must find a violation with it. */
export interface Broken {
  file: string;
  from: string;
  to: string;
  /** The fault under which the violation appears. */
  fault: string;
  /** The invariant that is violated. Others may be violated too. */
  breaks: Invariant;
}

/** The wrong changes, by name. `npm run simulate -- --broken NAME` runs with one of them. */
export const broken: Readonly<Record<string, Broken>> = {
  'applies-past-a-gap': {
    file: 'src/domain/reading/cursor.ts',
    from: 'for (let next = bySeq.get(last + 1); next; next = bySeq.get(last + 1)) {',
    to: 'for (const next of [...bySeq.values()].sort((a, b) => a.seq - b.seq)) {',
    fault: 'posts-lost',
    breaks: 'I4',
  },
  'head-without-condition': {
    file: 'src/infra/dynamodb/event-log.ts',
    from: "const HEAD_UNMOVED = 'seq = :old AND epoch = :epoch';",
    to: "const HEAD_UNMOVED = 'epoch = :epoch';",
    fault: 'batches-concurrently',
    breaks: 'I3',
  },
  'age-by-own-clock': {
    file: 'src/infra/composition.ts',
    from: 'now: tableClock().now',
    to: 'now: runtime.now',
    fault: 'clocks-apart',
    breaks: 'I5',
  },
  'failed-batch-acknowledged': {
    file: 'src/infra/dynamodb/stream-records.ts',
    from: 'if (failed.length === 0) return',
    to: 'if (failed.length >= 0) return',
    fault: 'numbering-and-queue-down',
    breaks: 'I1',
  },
  'done-before-parked': {
    file: 'src/domain/delivery/serve-or-park.ts',
    from: 'await parking.park({ room, ids: ids.slice(i, i + batchSize), attempt: 0 }, backoffSeconds(0, random));',
    to: 'parking.park({ room, ids, attempt: 0 }, backoffSeconds(0, random)).catch(() => {});',
    fault: 'numbering-and-queue-down',
    breaks: 'I1',
  },
  'parked-and-forgotten': {
    file: 'src/domain/numbering/parked.ts',
    from: 'await park(ids, backoffSeconds(attempt + 1, random));',
    to: 'void park;',
    fault: 'numbering-down',
    breaks: 'I1',
  },
  'new-id-on-retry': {
    file: 'web/client/outbox.ts',
    from: 'this.#hooks.send(next.command)',
    to: `this.#hooks.send({ ...next.command, clientMessageId: next.command.clientMessageId + (next.attempts || '') })`,
    fault: 'lines-cut',
    breaks: 'I1',
  },
  'pong-ignored': {
    file: 'web/client/shout-client.ts',
    from: 'this.#replica.compare(epoch, head, !asked);',
    to: '',
    fault: 'last-message-lost',
    breaks: 'I8',
  },
  'no-ping-after-a-frame': {
    file: 'web/client/connection.ts',
    from: 'this.#pingWhenQuiet();',
    to: '',
    fault: 'last-message-lost',
    breaks: 'I8',
  },
  'deadline-ignored': {
    file: 'src/domain/delivery/budget.ts',
    from: 'Math.min(remainingMs - RESERVE_MS, mostMs)',
    to: 'remainingMs + mostMs',
    fault: 'posts-crawling',
    breaks: 'I9',
  },
  'overflow-untold': {
    file: 'src/domain/delivery/frames.ts',
    from: 'if (bytes <= MAX_ROUND_BYTES) return frames;',
    to: 'return bytes <= MAX_ROUND_BYTES ? frames : [];',
    fault: 'round-overflows',
    breaks: 'I8',
  },
  'counted-once': {
    file: 'src/domain/delivery/sequence-and-fan-out.ts',
    from: 'before === undefined || before.people !== count.people || count.at - before.at >= CONFIRM_MS',
    to: 'before === undefined',
    fault: 'people-counted',
    breaks: 'I8',
  },
  'outage-in-silence': {
    file: 'src/handlers/report-fan-out.ts',
    from: "failed > 0 ? (delivered > 0 ? 'warn' : 'error') : 'info'",
    to: "'info'",
    fault: 'posts-refused',
    breaks: 'I8',
  },
  'banned-but-heard': {
    file: 'src/domain/governance/verdict.ts',
    from: 'voided.add(event.id)',
    to: 'after = before',
    fault: 'records-reordered',
    breaks: 'I11',
  },
  'bans-lost-with-the-head': {
    file: 'src/infra/dynamodb/room-heads.ts',
    from: 'const { at } = await this.#rules.read(room);',
    to: 'const at = 0;',
    fault: 'head-lost',
    breaks: 'I11',
  },
};

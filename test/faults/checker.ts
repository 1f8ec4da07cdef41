import { authorOf } from '../../src/domain/feed/event-id.ts';
import { bannedIn } from './bans.ts';
import type { Entry, History, Reader } from './history.ts';
import { segments, sightings } from './sightings.ts';
import { type Invariant, type Verdict, type Violation, verdict } from './verdict.ts';

/** A verdict for each invariant. Only test/simulate judges I9, because only it observes when invocations end. */
export type Report = Record<Exclude<Invariant, 'I9'>, Verdict> & { I9?: Verdict };

/**
 * Checks a history. The history must be read while nobody writes, after all faults have ended and everybody had time to
 * catch up.
 */
export function check(history: History): Report {
  return {
    I1: ackedOnce(history),
    I2: oneNumberPerId(history),
    I3: dense(history),
    I4: appliedInOrder(history),
    I5: agreement(history),
    I6: refusedUnseen(history),
    I7: noSilentHole(history),
    I8: converged(history),
    I10: reachedByPaging(history),
    I11: bannedUnseen(history),
  };
}

export function violationsOf(report: Report): Violation[] {
  return Object.values(report).flatMap(({ violations }) => violations);
}

/**
 * I1: if a command was acked, its event is in the log exactly once, and has a number. Events that an operator deleted
 * are not checked.
 */
function ackedOnce({ sends, log, deleted }: History): Verdict {
  const byId = Map.groupBy(log, ({ id }) => id);
  const byWords = Map.groupBy(log, ({ id, text }) => `${authorOf(id)} ${text}`);
  const acked = sends.filter(({ outcome, id }) => outcome === 'acked' && !deleted.has(id));
  return verdict(acked.length, function* () {
    for (const { client, id, text } of acked) {
      const [found, ...more] = byId.get(id) ?? [];
      const named = `${id}, acked to ${client},`;
      if (!found) yield { anomaly: 'lost-write', detail: `${named} is not in the log` };
      else if (more.length > 0)
        yield { anomaly: 'duplicate', detail: `${named} is in the log ${more.length + 1} times` };
      else if (found.seq === undefined) yield { anomaly: 'lost-write', detail: `${named} never got a number` };
      else if (text !== undefined && found.text !== undefined && found.text !== text)
        yield { anomaly: 'lost-write', detail: `${named} says "${found.text}", not "${text}"` };
      // In these tests, an author's accepted texts all differ. A repeated text is one message sent under two ids.
      else if (found.text !== undefined && byWords.get(`${authorOf(id)} ${text}`)!.length > 1)
        yield { anomaly: 'duplicate', detail: `${named} is there again under another id: "${text}"` };
    }
  });
}

/** I2: an event id has the same number wherever it is seen. */
function oneNumberPerId(history: History): Verdict {
  const numbers = new Map<string, number>();
  return verdict(
    () => numbers.size,
    function* () {
      for (const { by, events, at } of sightings(history))
        for (const { id, seq } of events) {
          const known = numbers.get(id);
          if (known === undefined) numbers.set(id, seq);
          else if (known !== seq) yield { anomaly: 'duplicate', detail: `${id} is ${known} and, to ${by}, ${seq}`, at };
        }
    },
  );
}

/**
 * I3: each number from 1 to `head.seq` belongs to exactly one event in the log, except the numbers in `gone`.
 * `GET /events` serves the same events, with a placeholder for each number in `gone`.
 */
function dense({ log, served, head, gone }: History): Verdict {
  const numbered = log.filter((entry): entry is Entry => entry.seq !== undefined).sort((a, b) => a.seq - b.seq);
  const bySeq = new Map(numbered.map((entry) => [entry.seq, entry]));
  return verdict(numbered.length, function* () {
    for (const { seq, id } of numbered) {
      if (bySeq.get(seq)!.id !== id) yield { anomaly: 'duplicate', detail: `${seq} is given twice, also to ${id}` };
    }
    const last = numbered.at(-1)?.seq ?? 0;
    if (last > head.seq) yield { anomaly: 'divergence', detail: `the log ends at ${last}, the head says ${head.seq}` };
    const expected = Array.from({ length: head.seq }, (_, index) => bySeq.get(index + 1)?.id ?? `vacant:${index + 1}`);
    for (const [index] of expected.entries()) {
      if (bySeq.has(index + 1) || gone.has(index + 1)) continue;
      yield { anomaly: 'skip', detail: `nothing has the number ${index + 1}` };
    }
    if (served.length !== expected.length)
      yield { anomaly: 'skip', detail: `/events serves ${served.length} of ${expected.length} numbers` };
    for (const [index, { seq, id }] of served.entries()) {
      if (expected[index] === undefined || (seq === index + 1 && id === expected[index])) continue;
      yield { anomaly: 'inconsistent-seq', detail: `/events has ${id} as ${seq}, the log ${expected[index]}` };
      break;
    }
  });
}

/** I4: after a load up to number n, a client applies n + 1, n + 2, … in order: no skip, repeat or step back. */
function appliedInOrder({ readers }: History): Verdict {
  let checked = 0;
  return verdict(
    () => checked,
    function* () {
      for (const reader of readers) {
        const all = segments(reader);
        for (const [index, { base, epoch, applied }] of all.entries()) {
          const where = `${reader.name} in ${epoch}`;
          const seen = new Set<number>();
          let last = base;
          for (const { events, at } of applied) {
            checked += events.length;
            for (const { seq } of events) {
              if (seen.has(seq)) yield { anomaly: 'duplicate', detail: `${where} applied ${seq} twice`, at };
              else if (seq <= base)
                yield { anomaly: 'duplicate', detail: `${where} loaded ${base} and applied ${seq}`, at };
              else if (seq < last)
                yield { anomaly: 'non-monotonic', detail: `${where} applied ${seq} after ${last}`, at };
              seen.add(seq);
              last = Math.max(last, seq);
            }
          }
          const end = index === all.length - 1 ? Math.max(last, reader.final.last) : last;
          for (let seq = base + 1; seq <= end; seq++) {
            if (!seen.has(seq)) yield { anomaly: 'skip', detail: `${where} never applied ${seq}` };
          }
        }
      }
    },
  );
}

/** I5: everyone who ever saw number n saw the same event, or that it is gone. */
function agreement(history: History): Verdict {
  // For each number, the event that was first seen under it. All epochs since the last wipe share one map, under the
  // key '', because numbers continue from epoch to epoch. An epoch from before a wipe (`retired`) has a map of its own,
  // because a wipe starts the numbers again at 1.
  const places = new Map<string, Map<number, { id: string; text?: string | undefined; by: string }>>();
  let checked = 0;
  return verdict(
    () => checked,
    function* () {
      for (const { by, epoch, events, at } of sightings(history)) {
        const place = history.retired.has(epoch) ? epoch : '';
        const first = places.get(place) ?? new Map();
        places.set(place, first);
        for (const { seq, id, text } of events) {
          if (history.gone.has(seq) && id === `vacant:${seq}`) continue;
          checked++;
          const known = first.get(seq);
          if (!known) first.set(seq, { id, text, by });
          else if (known.id !== id || (text !== undefined && known.text !== undefined && known.text !== text))
            yield { anomaly: 'inconsistent-seq', detail: `${seq} is ${known.id} to ${known.by}, ${id} to ${by}`, at };
          else known.text ??= text;
        }
      }
    },
  );
}

/** I6: a message or other command whose attempts were all refused appears nowhere. */
function refusedUnseen(history: History): Verdict {
  const refused = history.sends.filter(({ outcome }) => outcome === 'refused');
  const byId = Map.groupBy(refused, ({ id }) => id);
  return verdict(refused.length, function* () {
    const stored = { by: 'the log', events: history.log, at: undefined };
    for (const { by, events, at } of [stored, ...sightings(history)])
      for (const { type, id, text } of events) {
        // Skips messages whose text is gone. An id may have been refused with one text and accepted with another, so
        // the id alone does not tell whether this message was refused.
        if (type === 'MessagePosted' && text === undefined) continue;
        const send = byId.get(id)?.find((send) => (send.text ?? '') === (text ?? ''));
        if (send) yield { anomaly: 'aborted-read', detail: `${id}, refused to ${send.client}, was seen by ${by}`, at };
      }
  });
}

/** I7: after its first load, a client's position changes only by the events it applies, or by an explicit reload. */
function noSilentHole({ readers }: History): Verdict {
  let checked = 0;
  return verdict(
    () => checked,
    function* () {
      for (const { name, steps } of readers) {
        let told = true;
        let epoch = '';
        for (const step of steps) {
          if (step.kind === 'reload') {
            told = true;
            continue;
          }
          checked++;
          if (step.kind === 'load' && !told)
            yield { anomaly: 'skip', detail: `${name} was moved to ${step.last} without a word`, at: step.at };
          if (step.kind === 'apply' && epoch !== '' && step.epoch !== epoch)
            yield {
              anomaly: 'skip',
              detail: `${name} went from ${epoch} to ${step.epoch} without a word`,
              at: step.at,
            };
          epoch = step.epoch;
          told = false;
        }
      }
    },
  );
}

/** I8: every client is up to date, and shows what is in the log. */
function converged({ readers, log, head, deleted }: History): Verdict {
  const { hidden } = bannedIn(log);
  const targets = log.filter(({ seq }) => seq !== undefined).flatMap(({ target }) => target ?? []);
  const unsaid = new Set([...targets, ...hidden]);
  const messages = messagesOf(log);
  return verdict(readers.length, function* () {
    for (const reader of readers) {
      const { name, final } = reader;
      if (final.epoch !== head.epoch || final.last !== head.seq) {
        const detail = `${name} is at ${final.epoch} ${final.last}, the room at ${head.epoch} ${head.seq}`;
        yield { anomaly: 'divergence', detail };
        continue;
      }
      // The feed must show every message that came after the last load. It need not go back to the room's first
      // message, but must have no gap after the oldest message that it shows.
      const loaded = segments(reader).at(-1)?.base ?? 0;
      // Leaves out the messages that an operator deleted, because a client that saw one before still shows it.
      const feed = final.feed.filter(({ id }) => !deleted.has(id));
      const lowest = Math.min(feed.at(-1)?.seq ?? Number.POSITIVE_INFINITY, loaded + 1);
      const expected = messages.filter(({ seq }) => seq >= lowest);
      const differs = (seq: number, shown: Reader['final']['feed'][number] | undefined, id: string, text?: string) =>
        shown?.seq !== seq || shown.id !== id || shown.text !== (unsaid.has(id) ? undefined : text);
      const wrong = expected.findIndex(({ seq, id, text }, index) => differs(seq, feed[index], id, text));
      if (wrong !== -1) {
        const shown = JSON.stringify(feed[wrong]);
        yield { anomaly: 'divergence', detail: `${name} shows ${expected[wrong]!.seq} wrongly or not: ${shown}` };
      } else if (feed.length > expected.length)
        yield { anomaly: 'divergence', detail: `${name} shows more messages than there are` };
    }
  });
}

/** I10: paging from the newest message to the oldest reaches each message exactly once, except the voided ones. */
function reachedByPaging({ log, paged }: History): Verdict {
  const messages = messagesOf(log);
  return verdict(messages.length, function* () {
    for (const [index, { seq, id }] of messages.entries()) {
      const found = paged[index];
      if (found?.seq === seq && found.id === id) continue;
      yield { anomaly: 'skip', detail: `paging reaches ${found?.id ?? 'nothing'} where ${id}, ${seq}, is next` };
      return;
    }
    if (paged.length > messages.length) yield { anomaly: 'duplicate', detail: 'paging reaches more than there is' };
  });
}

/** I11: nobody ever sees the text of a voided message. At the end, nobody shows the text of a hidden message either. */
function bannedUnseen(history: History): Verdict {
  const { log, served, paged, readers, retired } = history;
  const { voided, hidden } = bannedIn(log);
  return verdict(voided.size + hidden.size, function* () {
    for (const { by, epoch, events, at } of sightings(history)) {
      if (retired.has(epoch)) continue;
      for (const { seq, id, type, text } of events)
        if (type === 'MessagePosted' && text !== undefined && voided.has(id))
          yield { anomaly: 'banned-read', detail: `${by} has "${text}", ${seq}, whose author was banned`, at };
    }
    const shown = readers.map(({ name, final }) => [`${name}'s screen`, final.feed] as const);
    for (const [by, messages] of [['/events', served], ['a page', paged], ...shown] as const)
      for (const { seq, id, text } of messages)
        if (text !== undefined && (hidden.has(id) || voided.has(id)))
          yield { anomaly: 'banned-read', detail: `${by} has "${text}", ${seq}, whose author is banned` };
  });
}

/** Returns the numbered messages that were not voided, newest first. */
function messagesOf(log: History['log']): Entry[] {
  const { voided } = bannedIn(log);
  return log
    .filter(
      (entry): entry is Entry => entry.type === 'MessagePosted' && entry.seq !== undefined && !voided.has(entry.id),
    )
    .sort((a, b) => b.seq - a.seq);
}

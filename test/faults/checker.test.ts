import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check, violationsOf } from './checker.ts';
import type { Entry, History, Send } from './history.ts';
import type { Anomaly, Invariant } from './verdict.ts';

const entry = (seq: number): Entry => ({ seq, id: `alice:m${seq}`, type: 'MessagePosted', text: `text ${seq}` });
const upTo = (last: number) => Array.from({ length: last }, (_, index) => entry(index + 1));

/**
 * Returns a history without violations: `count` messages by alice, then `more`. The first reader applied all events.
 * The second reader applied the events after number `base`. A bare socket received all events.
 */
function valid(count = 6, base = 2, more: Entry[] = []): History {
  const posted = upTo(count);
  const events = [...posted, ...more];
  const messages = events.filter(({ text }) => text !== undefined).reverse();
  const sends: Send[] = posted.map(({ id, text }) => ({ client: 'alice', id, text, outcome: 'acked' }));
  const reader = (name: string, from: number) => ({
    name,
    steps: [
      { kind: 'load' as const, at: 1, epoch: 'e', last: from },
      ...events.slice(from).map((event) => ({ kind: 'apply' as const, at: 2, epoch: 'e', events: [{ ...event }] })),
    ],
    final: { epoch: 'e', last: events.length, feed: messages.map(({ seq, id, text }) => ({ seq, id, text })) },
  });
  return {
    sends: [...sends, { client: 'alice', id: 'alice:refused', text: 'no', outcome: 'refused' }],
    log: events.map((event) => ({ ...event })),
    served: events.map((event) => ({ ...event })),
    paged: messages.map(({ seq, id, text }) => ({ seq, id, text })),
    gone: new Set(),
    deleted: new Set(),
    head: { epoch: 'e', seq: events.length },
    readers: [reader('early', 0), reader('late', base)],
    recorders: [{ name: 'raw', frames: events.map((event) => ({ at: 2, epoch: 'e', events: [{ ...event }] })) }],
    retired: new Set(),
  };
}

/** Returns what the first reader applied, for tests to change in place. The list at index `n` holds event `n + 1`. */
function applied(history: History): Entry[][] {
  return history.readers[0]!.steps.flatMap((step) => (step.kind === 'apply' ? [step.events] : []));
}

function swap(history: History, index: number): void {
  const steps = applied(history);
  [steps[index]![0], steps[index + 1]![0]] = [steps[index + 1]![0]!, steps[index]![0]!];
}

function anomalies(history: History): [Invariant, Anomaly][] {
  return Object.entries(check(history)).flatMap(([invariant, { violations }]) =>
    violations.map(({ anomaly }): [Invariant, Anomaly] => [invariant as Invariant, anomaly]),
  );
}

test('a history in which all went well passes, and everything in it was looked at', () => {
  const report = check(valid());
  expect(violationsOf(report)).toEqual([]);
  expect(Object.values(report).map(({ checked }) => checked)).toEqual([6, 6, 6, 10, 28, 1, 12, 2, 6, 0]);
});

test('gaps and repeats are allowed on a bare socket, which has no memory', () => {
  const history = valid();
  const { frames } = history.recorders[0]!;
  history.recorders[0]!.frames = [frames[4]!, frames[0]!, frames[0]!];
  expect(anomalies(history)).toEqual([]);
});

test('an unanswered send may be in the log or not', () => {
  const history = valid();
  history.sends[0]!.outcome = 'unknown';
  history.sends.push({ client: 'alice', id: 'alice:lost', text: 'x', outcome: 'unknown' });
  expect(anomalies(history)).toEqual([]);
});

test('numbers of a room that was wiped are no contradiction to those after', () => {
  const history = valid();
  history.recorders[0]!.frames.push({ at: 0, epoch: 'old', events: [{ ...entry(1), id: 'alice:before' }] });
  expect(anomalies(history)).toEqual([['I5', 'inconsistent-seq']]);
  history.retired = new Set(['old']);
  expect(anomalies(history)).toEqual([]);
});

/** Returns a history in which event 3 was deleted. The first reader got it before; the second got a placeholder. */
function withDeletion(): History {
  const history = valid();
  const gone: Entry = { seq: 3, id: 'vacant:3', type: 'NumberVacant' };
  history.log.splice(2, 1);
  history.served[2] = { ...gone };
  history.paged = history.paged.filter(({ seq }) => seq !== 3);
  history.readers[1]!.final.feed = history.readers[1]!.final.feed.filter(({ seq }) => seq !== 3);
  for (const step of history.readers[1]!.steps)
    if (step.kind === 'apply' && step.events[0]!.seq === 3) step.events = [{ ...gone }];
  return { ...history, gone: new Set([3]), deleted: new Set(['alice:m3']) };
}

test('an event that an operator deleted may be gone to some and known to others', () => {
  expect(anomalies(withDeletion())).toEqual([]);
});

test('an event is not gone because somebody says so', () => {
  expect(anomalies({ ...withDeletion(), gone: new Set(), deleted: new Set() })).toEqual(
    expect.arrayContaining([
      ['I1', 'lost-write'],
      ['I3', 'skip'],
      ['I5', 'inconsistent-seq'],
    ]),
  );
});

test('a hole that stops a reader, the events or the pages is found', () => {
  const stopped = withDeletion();
  stopped.readers[1]!.final.last = 2;
  stopped.served.splice(2);
  stopped.paged.splice(3);
  expect(anomalies(stopped)).toEqual(
    expect.arrayContaining([
      ['I3', 'skip'],
      ['I8', 'divergence'],
      ['I10', 'skip'],
    ]),
  );
});

/**
 * Returns a history in which alice is banned for one second, after six messages. She writes once during the ban and
 * once after it.
 */
function withBan(more: Partial<Entry> = {}): History {
  const ban = { seq: 7, id: 'mod:ban', type: 'PersonBanned', person: 'alice', appendedAt: 1_000, seconds: 1, ...more };
  const voided = { ...entry(8), text: undefined, appendedAt: 1_999 };
  return valid(6, 2, [ban, voided, { ...entry(9), appendedAt: 2_000 }]);
}

test('what a banned person says meanwhile has a number and no text; what they say afterwards is heard', () => {
  expect(anomalies(withBan())).toEqual([]);
  expect(check(withBan()).I11.checked).toBe(1);
});

describe('a banned person is not heard', () => {
  const spoken = { text: 'let me speak' };
  const places: Record<string, (history: History) => unknown> = {
    'in the log': (h) => Object.assign(h.log[7]!, spoken),
    'in /events': (h) => Object.assign(h.served[7]!, spoken),
    'on a page': (h) => h.paged.splice(1, 0, { ...entry(8), ...spoken }),
    'by somebody who was there': (h) => Object.assign(applied(h)[7]![0]!, spoken),
    'on a bare socket': (h) => Object.assign(h.recorders[0]!.frames[7]!.events[0]!, spoken),
    'on a screen': (h) => {
      const { final } = h.readers[0]!;
      final.feed = final.feed.toSpliced(1, 0, { ...entry(8), ...spoken });
    },
    'even if the ban ends later': (h) => {
      h.log.push({ seq: 10, id: 'mod:unban', type: 'PersonUnbanned', person: 'alice' });
      Object.assign(h.log[7]!, spoken);
    },
  };
  test.each(Object.entries(places))('%s', (_, tamper) => {
    const history = withBan();
    tamper(history);
    expect(anomalies(history)).toEqual(expect.arrayContaining([['I11', 'banned-read']]));
  });
});

/**
 * Like {@link withBan}, but the ban also hides earlier messages. The log still has their texts, because items are
 * scrubbed in the background.
 */
function withHiding(): History {
  const history = withBan({ hide: true });
  const hide = <M extends { seq: number }>(messages: readonly M[]) =>
    messages.map((message) => (message.seq < 7 ? { ...message, text: undefined } : message));
  for (const { final } of history.readers) final.feed = hide(final.feed);
  return { ...history, served: hide(history.served), paged: hide(history.paged) };
}

test('a ban hides what was said before it, from those who saw it as well', () => {
  expect(anomalies(withHiding())).toEqual([]);
  const [older, newer] = [withHiding(), withHiding()];
  Object.assign(older.paged.at(-1)!, { text: 'text 1' });
  Object.assign(newer.readers[1]!.final.feed[3]!, { text: 'text 4' });
  expect(anomalies(older)).toEqual([['I11', 'banned-read']]);
  expect(anomalies(newer)).toEqual(expect.arrayContaining([['I11', 'banned-read']]));
});

const mutations: Record<string, { mutate: (history: History) => void; found: [Invariant, Anomaly][] }> = {
  'an acked message that is nowhere': {
    mutate: (h) => {
      h.sends.push({ client: 'alice', id: 'alice:gone', text: 'gone', outcome: 'acked' });
    },
    found: [['I1', 'lost-write']],
  },
  'an acked message that never got a number': {
    mutate: (h) => {
      h.log.push({ id: 'alice:left', type: 'MessagePosted', text: 'left' });
      h.sends.push({ client: 'alice', id: 'alice:left', text: 'left', outcome: 'acked' });
    },
    found: [['I1', 'lost-write']],
  },
  'an acked message with the text of another': {
    mutate: (h) => {
      h.sends[3]!.text = 'something else';
    },
    found: [['I1', 'lost-write']],
  },
  'an acked message that was sent under two ids': {
    mutate: (h) => {
      h.log.push({ ...entry(7), text: 'text 6' });
    },
    found: [['I1', 'duplicate']],
  },
  'one event under two numbers': {
    mutate: (h) => {
      h.recorders[0]!.frames[5]!.events[0]!.id = 'alice:m5';
    },
    found: [
      ['I2', 'duplicate'],
      ['I5', 'inconsistent-seq'],
    ],
  },
  'a hole in the log': {
    mutate: (h) => {
      h.log.splice(2, 1);
      h.sends.splice(2, 1);
    },
    found: [
      ['I3', 'skip'],
      ['I3', 'inconsistent-seq'],
    ],
  },
  'one drop': { mutate: (h) => applied(h)[3]!.pop(), found: [['I4', 'skip']] },
  'one duplicate': { mutate: (h) => applied(h)[3]!.push(entry(4)), found: [['I4', 'duplicate']] },
  'one swap': { mutate: (h) => swap(h, 3), found: [['I4', 'non-monotonic']] },
  'one divergent number': {
    mutate: (h) => {
      applied(h)[3]![0]!.text = 'what nobody said';
    },
    found: [['I5', 'inconsistent-seq']],
  },
  'a message accepted after it was refused': {
    mutate: (h) => {
      h.log.push({ ...entry(7), id: 'alice:refused', text: 'no' });
    },
    found: [['I6', 'aborted-read']],
  },
  'another numbering without a word': {
    mutate: (h) => {
      for (const step of h.readers[0]!.steps.slice(4)) if (step.kind === 'apply') step.epoch = 'f';
    },
    found: [['I7', 'skip']],
  },
  'a place that moved without a word': {
    mutate: (h) => {
      h.readers[0]!.steps.splice(4, 0, { kind: 'load', at: 3, epoch: 'e', last: 3 });
    },
    found: [['I7', 'skip']],
  },
  'a reader that never caught up': {
    mutate: (h) => {
      h.readers[1]!.final.last = 5;
    },
    found: [['I8', 'divergence']],
  },
  'a message that is missing on a screen': {
    mutate: (h) => {
      h.readers[1]!.final.feed = h.readers[1]!.final.feed.filter(({ seq }) => seq !== 4);
    },
    found: [['I8', 'divergence']],
  },
  'a deleted message that is still shown': {
    mutate: (h) => {
      Object.assign(h.log[5]!, { type: 'MessageDeleted', target: 'alice:m2', text: undefined });
      h.readers.pop();
      h.readers[0]!.final.feed = h.readers[0]!.final.feed.filter(({ seq }) => seq !== 6);
    },
    found: [['I8', 'divergence']],
  },
};

describe('is caught and named:', () => {
  test.each(Object.entries(mutations))('%s', (_, { mutate, found }) => {
    const history = valid();
    mutate(history);
    expect(anomalies(history)).toEqual(expect.arrayContaining(found));
  });
});

/** Each function changes a history in one place. Most change the event at index `at`. */
const tampering: Record<string, (history: History, at: number) => unknown> = {
  'a client skips': (h, at) => applied(h)[at]!.pop(),
  'a client repeats': (h, at) => applied(h)[at]!.push(entry(at + 1)),
  'a client swaps': (h, at) => swap(h, at === 0 ? 0 : at - 1),
  'a client steps back': (h, at) =>
    applied(h)
      .at(-1)!
      .push(entry(at + 1)),
  'a client sees another text': (h, at) => Object.assign(applied(h)[at]![0]!, { text: 'tampered' }),
  'a client sees another event': (h, at) => Object.assign(applied(h)[at]![0]!, { id: 'mallory:m' }),
  'a bare socket sees another event': (h, at) =>
    Object.assign(h.recorders[0]!.frames[at]!.events[0]!, { id: 'mallory:m' }),
  'a client shows too little': (h, at) => {
    h.readers[0]!.final.feed = h.readers[0]!.final.feed.filter(({ seq }) => seq !== at + 1);
  },
  'a client stays behind': (h, at) => {
    h.readers[0]!.final.last = at;
  },
  'a client is in another epoch': (h) => {
    h.readers[0]!.final.epoch = 'f';
  },
  'the log loses an event': (h, at) => h.log.splice(at, 1),
  'the log loses a number': (h, at) => Object.assign(h.log[at]!, { seq: undefined }),
  'the log gives a number twice': (h, at) => Object.assign(h.log[at]!, { seq: ((at + 1) % h.log.length) + 1 }),
  'the log has another text': (h, at) => Object.assign(h.log[at]!, { text: 'tampered' }),
  'an event is not served': (h, at) => h.served.splice(at, 1),
  'a message is on no page': (h, at) => h.paged.splice(at, 1),
  'the head is off': (h) => {
    h.head.seq++;
  },
  'what was taken had been refused': (h, at) => Object.assign(h.sends[at]!, { outcome: 'refused' }),
};

test('any one tampering with a good history is caught, wherever it is', () => {
  const how = fc.constantFrom(...Object.keys(tampering));
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), how, (count, where, name) => {
      const history = valid(count, 1);
      tampering[name]!(history, where % count);
      expect(violationsOf(check(history)).length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/domain/schema.generated.ts';
import { Lifetime } from './lifetime.ts';
import { Outbox } from './outbox.ts';
import type { Entry, Sending } from './snapshot.ts';
import { VirtualClock } from './testing/clock.ts';

const message = (id: string): Entry => ({
  ...{ command: { action: 'sendMessage', text: id, clientMessageId: id }, at: 0, person: 'me' },
  ...{ state: 'sending', attempts: 0 },
});
const deletion = (id: string): Entry => ({
  ...message(id),
  command: { action: 'deleteMessage', target: 'me:m1', clientMessageId: id },
});

/** Creates an outbox on a virtual clock, and a record of what it sends and reports. */
function outbox(...entries: Entry[]) {
  const clock = new VirtualClock();
  const posted = entries.map((entry) => ({ ...entry, at: clock.now() }));
  const state: Sending = { entries: posted, inFlight: undefined, rateLimitedUntil: undefined };
  const sent: string[] = [];
  const checks: number[] = [];
  const refused: unknown[] = [];
  const start = clock.now();
  const shown = new Set<string>();
  const line = { up: true };
  let news = 0;
  const box = new Outbox(state, {
    send: ({ clientMessageId }) => {
      if (line.up) sent.push(clientMessageId);
      return line.up;
    },
    changed: () => {
      news++;
    },
    checkConnection: () => checks.push(clock.now() - start),
    refused: (command, error) => refused.push([command.action, error]),
    shows: (id) => shown.has(id),
    kept: { storage: undefined, server: 'https://api.example', room: 'lobby' },
    person: () => 'me',
    sendsAs: () => 'me',
    now: clock.now,
    random: () => 1,
  });
  const life = new Lifetime(clock);
  box.open(life);
  box.flush();
  const fail = (code: ErrorCode, more: object = {}) => box.fail({ type: 'error', code, message: 'No.', ...more });
  const ack = (id: string) => box.ack({ type: 'ack', clientMessageId: id, id: `me:${id}` });
  /** Calls `something`. @returns how often the outbox called its hook `changed` meanwhile */
  const newsOf = (something: () => void) => {
    news = 0;
    something();
    return news;
  };
  return { box, life, state, clock, sent, checks, refused, shown, line, fail, ack, newsOf };
}

describe('a message without an answer', () => {
  it('is sent six times, each time after a longer wait, and then fails and lets the next one go', async () => {
    const { state, clock, sent, checks } = outbox(message('m1'), message('m2'));
    await clock.advance(9_999);
    expect([sent.length, checks]).toEqual([1, []]);
    await clock.advance(1);
    expect(checks).toEqual([10_000]);
    await clock.advance(499);
    expect(sent).toEqual(['m1']);
    await clock.advance(1);
    expect(sent).toEqual(['m1', 'm1']);
    // Attempts 2 to 6 wait 10 s each for an answer. The waits between them are 1, 2, 4 and 8 s.
    await clock.advance(4 * 10_000 + 15_000 + 10_000 - 1);
    expect(sent).toEqual(Array(6).fill('m1'));
    await clock.advance(1);
    expect(sent.slice(6)).toEqual(['m2']);
    expect(state.entries[0]).toMatchObject({
      ...{ state: 'failed', error: { code: 'timeout', message: 'The server did not answer.' } },
    });
  });

  it('that is sent again by its author has all its attempts again, and no error on it', async () => {
    const { box, state, clock, sent } = outbox(message('m1'));
    await clock.advance(200_000);
    expect([sent.length, state.entries[0]!.state]).toEqual([6, 'failed']);
    box.retry('unknown');
    box.retry('m1');
    expect(state.entries[0]).toMatchObject({ state: 'sending', attempts: 1 });
    expect(state.entries[0]).not.toHaveProperty('error');
    await clock.advance(200_000);
    expect(sent).toHaveLength(12);
  });

  it('that has not failed is not sent again by asking', () => {
    const { box, sent, state } = outbox(message('m1'));
    box.retry('m1');
    expect([sent, state.inFlight?.attempts]).toEqual([['m1'], 1]);
  });

  it('is sent again when the connection was lost, for that reason', async () => {
    const { box, state, clock, sent } = outbox({ ...message('m1'), attempts: 5 });
    box.interrupt();
    box.interrupt();
    await clock.advance(60_000);
    expect(sent).toEqual(['m1']);
    expect(state.entries).toMatchObject([
      { state: 'failed', error: { code: 'timeout', message: 'The connection was lost.' } },
    ]);
  });

  it('is not sent while nothing can be, which counts for nothing', () => {
    const { box, state, sent, line } = outbox();
    line.up = false;
    state.entries.push(message('m1'));
    box.flush();
    expect([state.inFlight, state.entries[0]!.attempts]).toEqual([undefined, 0]);
    line.up = true;
    box.flush();
    expect([sent, state.inFlight?.attempts]).toEqual([['m1'], 1]);
  });
});

describe('a refusal', () => {
  it('by the rate waits as long as it says, or a second, and counts for no attempt', async () => {
    const { state, clock, sent, fail } = outbox({ ...message('m1'), attempts: 5 });
    fail('rate_limited');
    expect(state.rateLimitedUntil).toBe(clock.now() + 1_000);
    const entry = { ...message('m1'), at: clock.now(), error: { code: 'rate_limited', message: 'No.' } };
    expect(state.entries).toStrictEqual([entry]);
    await clock.advance(999);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect([sent.length, state.rateLimitedUntil]).toEqual([2, undefined]);
    expect(state.entries[0]).not.toHaveProperty('error');
    fail('rate_limited', { retryAfterMs: 0 });
    expect(state.rateLimitedUntil).toBe(clock.now());
  });

  it('of another command than the one in flight, or of none, changes nothing for it', () => {
    const { box, state, fail } = outbox(message('m1'), message('m2'));
    fail('unavailable', { clientMessageId: 'm2' });
    fail('forbidden', { clientMessageId: 'unknown' });
    expect(state.inFlight).toBe(state.entries[0]);
    expect(state.entries).toMatchObject([{ state: 'sending' }, { state: 'sending' }]);
    box.clear('me');
    fail('forbidden');
    expect(state.entries).toEqual([]);
  });

  it('of a message lets the next one go at once', () => {
    const { state, fail, sent } = outbox(message('m1'), message('m2'));
    fail('forbidden');
    expect([state.entries[0]!.state, sent]).toEqual(['failed', ['m1', 'm2']]);
  });

  it('by the rate leaves what has failed as it is, and its end is told even where nothing waits any more', async () => {
    const { box, state, clock, fail, newsOf } = outbox(message('m1'), message('m2'), message('m3'));
    fail('forbidden');
    fail('rate_limited');
    await clock.advance(1_000);
    expect(state.entries).toMatchObject([{ state: 'failed', error: { code: 'forbidden' } }, {}, {}]);
    fail('rate_limited');
    for (const id of ['m1', 'm2', 'm3']) box.discard(id);
    expect(newsOf(() => box.close())).toBe(1);
  });

  it('by the rate of a person who signs out does not keep the next one waiting', () => {
    const { box, state, sent, fail } = outbox(message('m1'));
    fail('rate_limited', { retryAfterMs: 600_000 });
    box.clear('me');
    state.entries = [message('m2')];
    box.flush();
    expect([sent, state.rateLimitedUntil]).toEqual([['m1', 'm2'], undefined]);
  });

  it('by slow mode lasts although another command fails meanwhile', async () => {
    const { state, clock, sent, fail, ack } = outbox(message('m1'), deletion('d2'));
    fail('rate_limited', { retryAfterMs: 60_000, rule: 'slow' });
    fail('unavailable', { clientMessageId: 'd2' });
    await clock.advance(1_000);
    expect(sent).toEqual(['m1', 'd2', 'd2']);
    ack('d2');
    expect(state.rateLimitedUntil).toBe(clock.now() + 59_000);
    await clock.advance(59_000);
    expect([sent, state.rateLimitedUntil]).toEqual([['m1', 'd2', 'd2', 'm1'], undefined]);
  });

  it('by slow mode makes messages wait, and nothing else', async () => {
    const { clock, sent, fail, ack } = outbox(message('m1'), deletion('d2'), message('m3'));
    fail('rate_limited', { retryAfterMs: 600_000, rule: 'slow' });
    expect(sent).toEqual(['m1', 'd2']);
    ack('d2');
    expect(sent).toEqual(['m1', 'd2']);
    await clock.advance(600_000);
    expect(sent).toEqual(['m1', 'd2', 'm1']);
  });

  it('of a deletion takes it away, and is told with its reason', () => {
    const { state, refused, fail, sent } = outbox(deletion('d1'), message('m2'));
    fail('forbidden');
    expect(refused).toEqual([['deleteMessage', { code: 'forbidden', message: 'No.' }]]);
    expect([state.entries.length, sent]).toEqual([1, ['d1', 'm2']]);
  });
});

describe('an acknowledged message', () => {
  const ids = ({ entries }: Sending) => entries.map(({ command }) => command.clientMessageId);

  it('whose event is on an older page than the one that was loaded since is given up half a minute after it was posted', async () => {
    const { box, state, clock, ack } = outbox();
    const post = (id: string) => {
      state.entries.push({ ...message(id), at: clock.now() });
      box.flush();
    };
    post('m1');
    ack('m1');
    post('m2');
    await clock.advance(5_000);
    box.loaded();
    // m2 was posted before the load, and only that counts. Its ack may come after the load.
    ack('m2');
    await clock.advance(1);
    post('m3');
    ack('m3');
    await clock.advance(24_000);
    expect(ids(state)).toEqual(['m1', 'm2', 'm3']);
    await clock.advance(60_000);
    expect(ids(state)).toEqual(['m3']);
  });

  it('of the last visit is given up if its event does not come with the answer', async () => {
    const { box, state, clock, ack } = outbox();
    state.entries.push({ ...message('m1'), at: clock.now() - 86_400_000 });
    box.flush();
    ack('m1');
    await clock.advance(2_999);
    expect(ids(state)).toEqual(['m1']);
    await clock.advance(1);
    expect(ids(state)).toEqual([]);
  });

  it('is waited for again when the box is opened again', async () => {
    const { box, life, state, clock, checks, ack } = outbox(message('m1'));
    ack('m1');
    life.end();
    box.close();
    box.open(new Lifetime(clock));
    await clock.advance(3_000);
    expect(checks).toEqual([3_000]);
    expect(ids(state)).toEqual(['m1']);
  });

  it('whose event does not come has the connection checked after 3 s, 6 s more, and so on, at most a minute apart', async () => {
    const { clock, checks, ack } = outbox(message('m1'));
    ack('m1');
    await clock.advance(300_000);
    expect(checks).toEqual([3_000, 9_000, 21_000, 45_000, 93_000, 153_000, 213_000, 273_000]);
  });

  it('whose event came is looked for no more', async () => {
    const { box, clock, checks, state, ack } = outbox(message('m1'));
    ack('m1');
    box.shown(['somebody:m1', 'me:m2']);
    expect(state.entries).toHaveLength(1);
    box.shown(['me:m1']);
    expect(state.entries).toEqual([]);
    await clock.advance(300_000);
    expect(checks).toEqual([]);
  });

  it('that the feed shows already is gone at once, and the next one goes', () => {
    const { shown, state, sent, ack } = outbox(message('m1'), message('m2'));
    shown.add('me:m1');
    ack('m1');
    ack('unknown');
    expect([state.entries.map(({ command }) => command.clientMessageId), sent]).toEqual([['m2'], ['m1', 'm2']]);
  });

  it('is forgotten half a minute after it was posted when the feed is loaded anew; what is not sent stays', () => {
    const { box, state, clock, ack } = outbox();
    const at = clock.now() - 30_000;
    state.entries.push({ ...message('m1'), at: at - 1 }, { ...message('m2'), at }, { ...message('m3'), at: at - 1 });
    box.flush();
    ack('m1');
    ack('m2');
    box.loaded();
    expect(state.entries.map(({ command }) => command.clientMessageId)).toEqual(['m2', 'm3']);
  });
});

it('what changes nothing is no news', () => {
  const { box, newsOf } = outbox(message('m1'));
  expect(newsOf(() => box.shown(['me:m2']))).toBe(0);
  expect(newsOf(() => box.discard('unknown'))).toBe(0);
  expect(newsOf(() => box.loaded())).toBe(0);
  expect(newsOf(() => box.interrupt())).toBe(0);
  expect(newsOf(() => box.close())).toBe(0);
  expect(newsOf(() => box.close())).toBe(0);
  expect(newsOf(() => box.discard('m1'))).toBe(1);
  expect(newsOf(() => box.clear('me'))).toBe(0);
});

it('an outbox that is closed before an answer sends the message again as soon as it is opened', () => {
  const { box, clock, state, sent } = outbox(message('m1'));
  box.close();
  expect(state.inFlight).toBeUndefined();
  box.open(new Lifetime(clock));
  box.flush();
  expect(sent).toEqual(['m1', 'm1']);
});

it('a closed outbox sends nothing, and knows of no wait', async () => {
  const { box, state, clock, sent, fail } = outbox(message('m1'));
  fail('rate_limited', { retryAfterMs: 500 });
  box.close();
  await clock.advance(10_000);
  box.flush();
  expect([sent, state.rateLimitedUntil, state.inFlight]).toEqual([['m1'], undefined, undefined]);
  box.discard('unknown');
  box.discard('m1');
  expect(state.entries).toEqual([]);
});

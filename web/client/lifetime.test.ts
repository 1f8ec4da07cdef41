import { describe, expect, it } from 'vitest';
import { Lifetime, realTimers } from './lifetime.ts';
import { VirtualClock } from './testing/clock.ts';

function life() {
  const clock = new VirtualClock();
  const calls: string[] = [];
  return { clock, life: new Lifetime(clock), calls, say: (what: string) => () => void calls.push(what) };
}

describe('a timer of a lifetime', () => {
  it('runs once, when its time has come', async () => {
    const { life: own, clock, calls, say } = life();
    own.after(100, say('ran'), say('ended'));
    await clock.advance(99);
    expect(calls).toEqual([]);
    await clock.advance(1);
    own.end();
    expect(calls).toEqual(['ran']);
  });

  it('that is cancelled neither runs nor ends', async () => {
    const { life: own, clock, calls, say } = life();
    const cancel = own.after(100, say('ran'), say('ended'));
    cancel();
    await clock.advance(200);
    own.end();
    cancel();
    expect(calls).toEqual([]);
  });

  it('ends with its lifetime instead of running', async () => {
    const { life: own, clock, calls, say } = life();
    own.after(100, say('ran'), say('ended'));
    own.after(100, say('ran too'));
    own.end();
    own.end();
    await clock.advance(200);
    expect([own.over, calls]).toEqual([true, ['ended']]);
  });

  it('that is asked for after the end has ended already', async () => {
    const { life: own, clock, calls, say } = life();
    own.end();
    own.after(100, say('ran'), say('ended'))();
    own.after(100, say('ran'))();
    await clock.advance(200);
    expect(calls).toEqual(['ended']);
  });

  it('waits no longer than browsers can', () => {
    const delays: number[] = [];
    const own = new Lifetime({ setTimeout: (_run, ms) => delays.push(ms), clearTimeout: () => {} });
    own.after(2 ** 40, () => {});
    own.after(5, () => {});
    expect(delays).toEqual([2 ** 31 - 1, 5]);
  });
});

describe('a wait', () => {
  it('is over after its time, and with its lifetime', async () => {
    const { life: own, clock, calls, say } = life();
    void own.sleep(100).then(say('short'));
    void own.sleep(10_000).then(say('long'));
    await clock.advance(100);
    expect(calls).toEqual(['short']);
    own.end();
    await clock.advance(0);
    expect(calls).toEqual(['short', 'long']);
  });
});

describe('work within a time', () => {
  it('answers or fails as it does, and leaves no timer', async () => {
    const { life: own, clock, calls } = life();
    expect(await own.within(100, async () => 7)).toBe(7);
    const broken = new Error('broken');
    await expect(own.within(100, () => Promise.reject(broken))).rejects.toBe(broken);
    let signal!: AbortSignal;
    await own.within(100, async (its) => {
      signal = its;
    });
    await clock.advance(200);
    own.end();
    expect([signal.aborted, calls]).toEqual([false, []]);
  });

  it('fails when the time is over, and when its lifetime is, even if it never answers', async () => {
    for (const stop of ['time', 'end']) {
      const { life: own, clock } = life();
      let signal!: AbortSignal;
      const work = own.within(100, (its) => {
        signal = its;
        return new Promise(() => {});
      });
      const failed = expect(work).rejects.toThrow('timeout');
      if (stop === 'time') await clock.advance(100);
      else own.end();
      await failed;
      expect(signal.aborted).toBe(true);
    }
  });

  it('does not begin after the end', async () => {
    const { life: own } = life();
    own.end();
    let begun = false;
    await expect(
      own.within(100, async () => {
        begun = true;
      }),
    ).rejects.toThrow('timeout');
    expect(begun).toBe(false);
  });
});

it('real timers run, and do not when they are cleared', async () => {
  const ran: string[] = [];
  await new Promise<void>((resolve) => {
    realTimers.clearTimeout(realTimers.setTimeout(() => ran.push('cleared'), 0));
    realTimers.setTimeout(() => ran.push('first'), 1);
    realTimers.setTimeout(resolve, 2);
  });
  expect(ran).toEqual(['first']);
});

import { expect, test, vi } from 'vitest';
import type { Timers } from './lifetime.ts';
import { Part } from './part.ts';

/** Creates a part. Request number `from` for its file is the first that succeeds. Waits before retries end at once. */
function setUp({ from, attempts }: { from: number; attempts?: number }) {
  const asked: string[] = [];
  const waits: number[] = [];
  const timers: Timers = {
    setTimeout: (run, ms) => {
      waits.push(ms);
      queueMicrotask(run);
    },
    clearTimeout: () => {},
  };
  const ask = (url: string) => {
    asked.push(url);
    return asked.length < from ? Promise.reject(new Error(`no answer ${asked.length}`)) : Promise.resolve('there');
  };
  const load = () => ask('first') as Promise<string>;
  // What a bundler makes of `load`. `Part` reads the file's name from this source text.
  load.toString = () => '()=>import(`./box-writing-3fa9c1.js`)';
  const part = new Part(load, attempts, { timers, random: () => 1, importFrom: ask });
  return { part, asked, waits, load };
}

test('each retry asks for another URL, after a longer wait', async () => {
  const { part, asked, waits } = setUp({ from: 4 });
  expect(await part.load()).toBe('there');
  const url = new URL('./box-writing-3fa9c1.js', new URL('./part.ts', import.meta.url)).href;
  expect(asked).toEqual(['first', `${url}?retry=1`, `${url}?retry=2`, `${url}?retry=3`]);
  expect(waits).toEqual([1_000, 2_000, 4_000]);
});

test('boxes that want it together share one request, and each is told once that it failed', async () => {
  const { part, asked } = setUp({ from: 4 });
  const one = vi.fn();
  const other = vi.fn();
  expect(await Promise.all([part.load(one), part.load(other)])).toEqual(['there', 'there']);
  expect(asked).toHaveLength(4);
  expect(one).toHaveBeenCalledExactlyOnceWith(new Error('no answer 1'));
  expect(other).toHaveBeenCalledOnce();
});

test('it is fetched once', async () => {
  const { part, asked } = setUp({ from: 1 });
  await part.load();
  const failed = vi.fn();
  expect(await part.load(failed)).toBe('there');
  expect(asked).toEqual(['first']);
  expect(failed).not.toHaveBeenCalled();
});

test('the retries end, and start over for whoever asks again, never with a URL that failed', async () => {
  const { part, asked } = setUp({ from: 5, attempts: 3 });
  const failed = vi.fn();
  await expect(part.load(failed)).rejects.toThrow('no answer 3');
  expect(failed).toHaveBeenCalledOnce();
  expect(await part.load(failed)).toBe('there');
  expect(failed).toHaveBeenCalledTimes(2);
  expect(new Set(asked).size).toBe(5);
});

test('by default it gives up after minutes, not hours', async () => {
  const { part, waits } = setUp({ from: Number.POSITIVE_INFINITY });
  await expect(part.load()).rejects.toThrow('no answer 12');
  const seconds = waits.reduce((sum, ms) => sum + ms, 0) / 1_000;
  expect(seconds).toBeGreaterThan(60);
  expect(seconds).toBeLessThan(300);
});

test('where a bundler brings its own loader, that one is asked again', async () => {
  const { part, asked, load } = setUp({ from: 3 });
  load.toString = () => '()=>__webpack_require__.e(1).then(__webpack_require__.bind(__webpack_require__,2))';
  expect(await part.load()).toBe('there');
  expect(asked).toEqual(['first', 'first', 'first']);
});

test('whatever stands before the name of the file, it is found', async () => {
  const { part, asked, load } = setUp({ from: 2 });
  load.toString = () => "() => import( './box-writing.js')";
  await part.load();
  expect(asked[1]).toMatch(/box-writing\.js\?retry=1$/);
});

test('in a browser the next attempt is a real import, after a real wait', async () => {
  vi.useFakeTimers();
  try {
    const load = () => Promise.reject(new Error('no answer'));
    load.toString = () => "() => import('./base64url.ts')";
    const loading = new Part<typeof import('./base64url.ts')>(load, 2).load();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await loading).toBase64url(new Uint8Array([255]))).toBe('_w');
  } finally {
    vi.useRealTimers();
  }
});

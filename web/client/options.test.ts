import { afterEach, describe, expect, it, vi } from 'vitest';
import { realTimers } from './lifetime.ts';
import { defaults } from './options.ts';

afterEach(() => void vi.unstubAllGlobals());

describe('a client that is told nothing', () => {
  it('reads the lobby as a guest, in pages of fifty, and pings within the ten minutes of API Gateway', async () => {
    const { getToken, watched, ...rest } = defaults();
    expect(rest).toMatchObject({
      ...{ room: 'lobby', pageSize: 50, heartbeatMs: 240_000, storage: undefined },
      ...{ now: Date.now, random: Math.random, timers: realTimers },
    });
    expect([await getToken(), watched()]).toEqual([undefined, true]);
  });

  it('uses what the page has when it is made', async () => {
    class PagesOwn {}
    vi.stubGlobal('WebSocket', PagesOwn);
    vi.stubGlobal('fetch', async function (this: unknown) {
      return this;
    });
    expect(defaults().WebSocket).toBe(PagesOwn);
    expect(await defaults().fetch('')).toBe(globalThis);
  });

  it.each([
    [{ onLine: false }, false],
    [{ onLine: true }, true],
    [{}, true],
  ])('believes a machine that says %o: %s', (navigator, online) => {
    vi.stubGlobal('navigator', navigator);
    expect(defaults().online()).toBe(online);
  });

  it('gives each command an id of its own', () => {
    const ids = Array.from({ length: 100 }, defaults().createId);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[\w-]{20}$/);
  });
});

import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../ports/event-log.ts';
import type { Parked } from '../ports/parking.ts';
import { backoffSeconds, type RedrivePorts, redriveParked } from './parked.ts';

const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'alice' };
const idOf = (n: number) => `${actor.id}:${n}`;
const event = (id: string): NewEvent => ({
  ...{ room: 'lobby', id, type: 'MessagePosted', v: 1, at: 1, actor, data: { text: id } },
});

/**
 * Returns `run`, which redrives events from a log that holds every event except those in `gone`. `served` and `parked`
 * record what is served and parked again.
 */
function redriving(serve: (ids: string[]) => void = () => {}, gone: string[] = []) {
  const served: string[][] = [];
  const parked: [Parked, delaySeconds: number][] = [];
  const ports: RedrivePorts = {
    log: { find: async (_, id) => (gone.includes(id) ? undefined : event(id)) },
    parking: { park: async (some, delay) => void parked.push([some, delay]) },
    random: () => 0,
    isRejection: (error) => (error as Error).message === 'rejected',
    serve: async (_, events) => {
      const ids = events.map(({ id }) => id);
      serve(ids);
      served.push(ids);
    },
  };
  const run = (ids: number[], attempt = 0) => redriveParked({ room: 'lobby', ids: ids.map(idOf), attempt }, ports);
  return { run, ports, served, parked };
}
const failWith = (message: string) => () => {
  throw new Error(message);
};

describe('events that were parked', () => {
  it('are served in their order, as they are in the log now', async () => {
    const { run, served, parked } = redriving(undefined, [idOf(2)]);
    expect(await run([1, 2, 3])).toBeUndefined();
    expect(served).toEqual([[idOf(1), idOf(3)]]);
    expect(parked).toEqual([]);
  });

  it('are parked again, for longer, while storage is in trouble', async () => {
    const { run, parked } = redriving(failWith('throttled'));
    expect(await run([1, 2], 3)).toMatchObject({ message: 'throttled' });
    expect(parked).toEqual([[{ room: 'lobby', ids: [idOf(1), idOf(2)], attempt: 4 }, 8]]);
  });

  it('are split at once if they are refused, until the one that is refused is alone', async () => {
    const { run, ports, served, parked } = redriving((ids) => {
      if (ids.includes(idOf(3))) throw new Error('rejected');
    });
    await run([1, 2, 3, 4, 5]);
    for (let next = parked.shift(); next; next = parked.shift()) {
      const [some, delay] = next;
      if (some.ids.length === 1 && delay > 0) {
        expect(some.ids).toEqual([idOf(3)]);
        break;
      }
      await redriveParked(some, ports);
    }
    expect(served.flat().sort()).toEqual([1, 2, 4, 5].map(idOf));
  });

  it('are left to the queue if they cannot be parked again, and to the operator after hours', async () => {
    const { run, ports } = redriving(failWith('throttled'));
    await expect(run([1], 200)).rejects.toThrow('throttled');
    ports.parking.park = async () => failWith('the queue is away')();
    await expect(run([1])).rejects.toThrow('the queue is away');
  });
});

describe('the wait', () => {
  it.each([
    [0, 1, 1],
    [3, 4, 8],
    [6, 30, 60],
    [199, 30, 60],
  ])('before attempt %i is %i to %i s', (attempt, least, most) => {
    expect(backoffSeconds(attempt, () => 0)).toBe(least);
    expect(backoffSeconds(attempt, () => 0.999)).toBe(most);
  });
});

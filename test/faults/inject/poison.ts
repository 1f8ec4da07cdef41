import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** Items nobody could have sent: their records cannot be read, and must neither block the room nor go unnoticed. */
export const poison: Fault = {
  name: 'poison-record',
  number: 14,
  inject: async (world, ms) => {
    const log = () => readFile(join(world.dir, 'local.log'), 'utf8');
    const noticed = async () => (await log()).split('record skipped').length - 1;
    const before = await noticed();
    const until = Date.now() + ms;
    let strikes = 0;
    while (Date.now() < until) {
      const id = `poison-${until}-${strikes++}`;
      await world.store.put({ id, ...world.random.pick(broken) });
      await sleep(world.random.between(100, 1_000));
      await world.store.remove(id);
    }
    const counted = await world.until(async () => (await noticed()) - before >= strikes);
    if (!counted) world.complain(`of ${strikes} poison records ${(await noticed()) - before} were noticed`);
    return strikes;
  },
};

const broken: Record<string, unknown>[] = [
  {},
  { type: 'MessagePosted', at: 'now', actor: { id: 'nobody' }, data: {} },
  { type: 'MessagePosted', at: 1, actor: 'nobody', data: { text: 'poison' } },
  { type: 17, at: 1, actor: { id: 'nobody' }, data: null },
];

import { expect, it } from 'vitest';
import { Changes } from './changes.ts';
import type { Change, Snapshot } from './snapshot.ts';
import { settle } from './testing/clock.ts';
import { FakeRoom } from './testing/room.ts';

it('what changes together is told once, to those who still listen', async () => {
  const snapshot = {} as Snapshot;
  const changes = new Changes(() => snapshot);
  const heard: Change[] = [];
  const stop = changes.subscribe((change) => heard.push(change));
  const [event] = new FakeRoom().fill(1);
  changes.add().arrived.push(event!);
  changes.add();
  expect(heard).toEqual([]);
  await settle();
  expect(heard).toEqual([{ snapshot, arrived: [event], reset: false }]);
  changes.add().reset = true;
  await settle();
  expect(heard[1]).toEqual({ snapshot, arrived: [], reset: true });
  stop();
  changes.add();
  await settle();
  expect(heard).toHaveLength(2);
});

import { EVENTS_TABLE, STATE_TABLE } from '../tables.ts';
import { ROOM } from './database.ts';
import { DB, HEADS } from './layout.ts';
import { NOW } from './programs.ts';
import { actors, idOf } from './scenario.ts';
import type { Room } from './world.ts';

/**
 * Returns the row of a connection.
 * @param isOld whether a fan-out deletes the row when a post gets a 410. A fan-out keeps the row of a new connection,
 *   because its socket may still be opening.
 */
export function connectionRow(reader: number, number: number, isOld: boolean) {
  const id = `${reader} ${number}`;
  const connectedAt = isOld ? NOW - 3_600_000 : NOW;
  const expiresAt = NOW / 1_000 + 3_600;
  return { pk: `CONN#${id}`, sk: 'CONN', connectionId: id, room: ROOM, connectedAt, expiresAt };
}

/** Returns the first state: the scenario's `present` readers are connected and have loaded the newest page. */
export async function startOf(room: Room): Promise<Int32Array> {
  const { scenario, layout } = room;
  const state = new Int32Array(layout.width);
  state[DB] = room.database.start([...givenItems(scenario.given ?? 0), ...rows(room)]);
  state[HEADS] = 1;
  for (const [index, { outbox }] of layout.writers.entries()) {
    state[outbox] = await room.processes.learnStart('outbox', room.programs.outbox!, [scenario.writers[index]!.says]);
  }
  for (const [index, reader] of layout.readers.entries()) {
    state[reader.replica] = await room.processes.learnStart('replica', room.programs.replica!, []);
    if (!scenario.readers[index]!.present) continue;
    state[reader.link] = state[reader.links] = 1;
    state[reader.replica] = await opened(room, state, state[reader.replica]!);
  }
  return state;
}

/** Opens a reader and answers its request for the newest page. @returns the id of the `Node` that the reader reaches */
async function opened(room: Room, state: Int32Array, replica: number): Promise<number> {
  const { processes, database, programs, scenario } = room;
  const loading = await processes.follow(replica, 511, processes.messages.of('open'));
  const args = [scenario.atMost.lostHead ? 'start' : '1', scenario.pageSize ?? 10, null, NOW];
  let page = await processes.learnStart('history', programs.history!, args);
  for (;;) {
    const { asked, ended } = processes.node(page);
    if (ended) return processes.follow(loading, 0, processes.value((ended as { value: unknown }).value));
    page = await processes.follow(page, 0, database.request(state[DB]!, asked[0]!).answer);
  }
}

function givenItems(count: number) {
  const messages = Array.from({ length: count }, (_, index) => ({
    table: EVENTS_TABLE,
    item: {
      room: ROOM,
      id: idOf('bob', `g${index + 1}`),
      type: 'MessagePosted',
      v: 1,
      at: NOW,
      actor: actors.bob,
      data: { text: `given ${index + 1}` },
      seq: index + 1,
      numberedAt: NOW,
    },
  }));
  const head = { pk: `ROOM#${ROOM}`, sk: 'HEAD', epoch: 'epoch 0', seq: count, numberedAt: NOW };
  return count === 0 ? [] : [...messages, { table: STATE_TABLE, item: head }];
}

function rows({ scenario }: Room) {
  return scenario.readers.flatMap(({ present }, index) =>
    present ? [{ table: STATE_TABLE, item: connectionRow(index + 1, 1, true) }] : [],
  );
}

import { BUDGET, CALM, DB, type ReaderPlaces } from '../layout.ts';
import { restRule } from '../rules.ts';
import { Broken } from '../search/search.ts';
import type { Room } from '../world.ts';
import { connect, runTimer } from './readers.ts';

/** Maximum number of steps that {@link moveCalmly} may need until everybody has converged. */
const BOUND = 60;

/**
 * Takes the next step towards convergence, in a fixed order. First the index catches up. Then each reader reconnects,
 * its timer runs out, its ping tells it the head, and it loads older pages. `expand` (world.ts) calls this when only
 * optional steps are left, such as faults. Once such a calm step is taken, no fault follows.
 * @throws Broken if no step is left and {@link restRule} finds a violation, or after more than `BOUND` steps, because
 *   that violates I8 (docs/guarantees.md)
 */
export function moveCalmly(room: Room): void {
  // An optional step that was emitted before, such as a fault, has left its sentence. If this state itself violates an
  // invariant, the story must not end with that step (`storyOf` in search/search.ts).
  room.sentence = '';
  if (room.base[CALM]! > BOUND) throw new Broken('I8', `${unsettled(room)} after ${BOUND} steps without a fault.`);
  const { behind } = room.database.facts(room.base[DB]!);
  if (behind.length > 0) {
    const draft = calmer(room);
    draft[DB] = room.database.catchUp(draft[DB]!);
    room.emit(draft, () => 'The index catches up.');
    return;
  }
  for (const reader of room.layout.readers) if (settle(room, reader)) return;
  const readers = room.layout.readers.map((reader) => ({ name: reader.name, view: room.view(room.base, reader) }));
  const broken = restRule(readers, room.database.facts(room.base[DB]!), room.scenario.atMost.lostHead !== undefined);
  if (broken) throw broken;
}

/** Takes the reader's next step towards convergence. @returns false if there is no such step */
function settle(room: Room, reader: ReaderPlaces): boolean {
  if (room.base[reader.link] === 0) {
    connect(room, reader, calm, true);
    return true;
  }
  const node = room.node(reader.replica);
  if (node.asked.some((id) => room.processes.requests.at(id).port === 'timer')) {
    const draft = room.draft();
    room.base = Int32Array.from(calmed(draft));
    return runTimer(room, reader, false);
  }
  const { loaded, last, epoch, nextBefore, loadingOlder } = room.view(room.base, reader);
  const { head } = room.database.facts(room.base[DB]!);
  const isThere = loaded && last === (head?.seq ?? 0) && (head === undefined || epoch === head.epoch);
  // Nobody writes any more, so a lost head is rebuilt only when a reader's request needs it.
  const isLost = head === undefined && room.database.facts(room.base[DB]!).numbers.size > 0;
  const draft = calmer(room);
  if (!isThere || isLost) {
    if (room.invoke(draft, reader.ping, 'ping', [])) room.emit(draft, () => `${reader.name}'s heartbeat.`);
    return true;
  }
  if (nextBefore !== null && !loadingOlder) {
    if (room.tell(draft, reader.replica, room.processes.messages.of('older'))) {
      room.emit(draft, () => `${reader.name} scrolls down.`);
    }
    return true;
  }
  return false;
}

function calmer(room: Room): Int32Array {
  return calmed(room.draft());
}

function calmed(draft: Int32Array): Int32Array {
  calm(draft);
  return draft;
}

function calm(draft: Int32Array): void {
  draft[BUDGET] = 0;
  draft[CALM]!++;
}

function unsettled(room: Room): string {
  const { head } = room.database.facts(room.base[DB]!);
  const places = room.layout.readers.map((reader) => {
    const { loaded, last, epoch } = room.view(room.base, reader);
    return `${reader.name} is ${loaded ? `at ${last} of ${epoch}` : 'not loaded'}`;
  });
  return `The room is at ${head?.seq ?? 0} of ${head?.epoch}, ${places.join(', ')}`;
}

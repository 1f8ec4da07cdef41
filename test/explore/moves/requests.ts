import { BUDGET, DB } from '../layout.ts';
import { left } from '../scenario.ts';
import { doing } from '../story.ts';
import type { Room } from '../world.ts';

/**
 * Emits each possible outcome of a request to the database: it is answered, and an index may show its write only later;
 * it is refused; or its write is made, but the answer is lost.
 */
export function serveDatabase(room: Room, place: number, who: string): void {
  const node = room.node(place);
  const id = node.asked[0]!;
  const request = room.request(node)!;
  const db = room.base[DB]!;
  const plain = room.database.request(db, id);
  const lags = left(room.base[BUDGET]!, 'lag');
  for (let mask = 0; mask < 1 << plain.laggable; mask++) {
    const late = bits(mask);
    if (late > lags) continue;
    const outcome = mask === 0 ? plain : room.database.request(db, id, mask);
    const draft = room.draft();
    room.apply(draft, outcome);
    if (late > 0) room.spend(draft, 'lag', late);
    const words = () =>
      `${who} ${doing(request, room.processes.answers.at(outcome.answer))}${late > 0 ? '; the index learns of it later' : ''}.`;
    if (room.answer(draft, place, 0, outcome.answer)) room.emit(draft, words);
  }
  if (room.may('refusal')) {
    const draft = room.draft();
    room.spend(draft, 'refusal');
    const words = () => `${who} ${doing(request)}: the database refuses.`;
    if (room.answer(draft, place, 0, room.processes.timeout)) room.emit(draft, words, false);
  }
  if (plain.db !== db && room.may('unknownWrite')) {
    const draft = room.draft();
    room.apply(draft, plain);
    room.spend(draft, 'unknownWrite');
    const words = () => `${who} ${doing(request, room.processes.answers.at(plain.answer))}, and does not learn of it.`;
    if (room.answer(draft, place, 0, room.processes.timeout)) room.emit(draft, words, false);
  }
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

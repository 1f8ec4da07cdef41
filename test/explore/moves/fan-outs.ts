import type { EventsFrame } from '../../../src/domain/schema.generated.ts';
import { recordOf } from '../../in-memory/dynamodb/stream.ts';
import { nameOf } from '../database.ts';
import { DB, SERVED, WAITING } from '../layout.ts';
import { frameRule } from '../rules.ts';
import type { Node, Request } from '../search/process.ts';
import type { Room } from '../world.ts';
import { serveDatabase } from './requests.ts';

const LOST = { cause: 'silent', reason: 'lost' };

/**
 * Takes the next step of a fan-out if it makes no difference whether the step comes before or after the steps of other
 * processes. `Room.expand` then tries no other order. Such steps are the end of an invocation, and the requests for
 * which {@link isHidden} returns true.
 * @returns whether there was such a step
 */
export function moveHiddenFanOut(room: Room): boolean {
  for (const place of room.layout.fanOuts) {
    if (room.base[place] === 0) continue;
    const node = room.node(place);
    const request = room.request(node);
    if (!node.ended && !isHidden(room, request!)) continue;
    moveFanOut(room, place, node, request);
    return true;
  }
  return false;
}

function isHidden(room: Room, request: Request): boolean {
  if (request.port === 'post') {
    const [reader, number] = connectionOf(request);
    const link = room.base[room.layout.readers[reader - 1]!.link]!;
    // The order does not matter if the connection is gone for good, or if it is open and cannot be cut any more.
    return Math.abs(link) !== number || (link > 0 && !room.may('leave'));
  }
  const { atMost, fanOuts } = room.scenario;
  const changes = room.may('join') || (fanOuts > 1 && (atMost.join || atMost.leave));
  return isListing(request) && !changes;
}

export function moveFanOuts(room: Room): void {
  let idle: number | undefined;
  for (const place of room.layout.fanOuts) {
    if (room.base[place] === 0) {
      idle ??= place;
      continue;
    }
    const node = room.node(place);
    moveFanOut(room, place, node, room.request(node));
  }
  if (idle !== undefined) startFanOut(room, idle);
}

function moveFanOut(room: Room, place: number, node: Node, request: Request | undefined): void {
  if (node.ended) end(room, place, node);
  else if (request!.port === 'db') serveDatabase(room, place, whoOf(room, place));
  else if (request!.port === 'post') post(room, place, request!);
  if (room.may('crash')) {
    const draft = room.draft();
    room.spend(draft, 'crash');
    draft[WAITING]! |= maskOf(orderOf(node));
    draft[place] = 0;
    room.emit(draft, () => `${whoOf(room, place)} dies.`, false);
  }
}

function post(room: Room, place: number, request: Request): void {
  const frame = request.frame as EventsFrame;
  const [reader, number] = connectionOf(request);
  const places = room.layout.readers[reader - 1]!;
  const who = whoOf(room, place);
  const what = () => frame.events.map(({ seq, id }) => `${seq} (${nameOf(id)})`).join(', ');
  if (room.base[places.link] !== number) {
    const draft = room.draft();
    if (room.answer(draft, place, 0, room.processes.value('gone'))) {
      room.emit(draft, () => `${who} posts ${what()} to ${places.name}: that connection is gone.`);
    }
    return;
  }
  const draft = room.draft();
  room.break(frameRule(frame.events as never, room.database.facts(room.base[DB]!)));
  draft[places.frames] = room.mailWith(draft[places.frames]!, room.processes.messages.of(frame));
  if (room.answer(draft, place, 0, room.processes.value('delivered'))) {
    room.emit(draft, () => `${who} posts ${what()} to ${places.name}.`);
  }
  if (room.may('lostPost')) {
    const draft = room.draft();
    room.spend(draft, 'lostPost');
    if (room.answer(draft, place, 0, room.processes.value(LOST))) {
      room.emit(draft, () => `${who} posts ${what()} to ${places.name}, and it is lost.`, false);
    }
  }
}

/** Ends an invocation. The first failed record and all later records are delivered again. */
function end(room: Room, place: number, node: Node): void {
  const failed = 'value' in node.ended! ? (node.ended.value as number) : 0;
  const order = orderOf(node);
  const again = failed === -1 ? [] : order.slice(failed);
  const draft = room.draft();
  draft[WAITING]! |= maskOf(again);
  draft[SERVED]! |= maskOf(order.slice(0, order.length - again.length));
  draft[place] = 0;
  const who = whoOf(room, place);
  room.emit(draft, () => (again.length > 0 ? `${who} reports that it failed.` : `${who} is done.`));
}

function startFanOut(room: Room, place: number): void {
  const waiting = recordsOf(room.base[WAITING]!);
  for (const order of orders(waiting, room.scenario.anyOrder ?? false)) begin(room, place, order, false);
  if (!room.may('redelivery')) return;
  const served = recordsOf(room.base[SERVED]! & ~room.base[WAITING]!);
  for (const order of orders(served, false)) begin(room, place, order, true);
  // Lambda may stop waiting for an invocation that still runs. Its records are then delivered again while it runs.
  for (const other of room.layout.fanOuts) {
    if (room.base[other] !== 0) begin(room, place, orderOf(room.node(other)), true);
  }
}

function begin(room: Room, place: number, order: readonly number[], again: boolean): void {
  const draft = room.draft();
  draft[WAITING]! &= ~maskOf(order);
  if (again) room.spend(draft, 'redelivery');
  const records = order.map((id, position) => recordOf(room.records.at(id), position));
  if (!room.invoke(draft, place, 'fanOut', [records, order])) return;
  const names = () => order.map((id) => nameOf(room.records.at(id).after!.id)).join(', ');
  room.emit(draft, () => `${whoOf(room, place)} is given ${names()}${again ? ' again' : ''}.`, !again);
}

/** Returns the possible next batches: all records in stream order; with `any`, also all reversed and each one alone. */
function orders(records: readonly number[], any: boolean): readonly (readonly number[])[] {
  if (records.length < 2) return records.length === 0 ? [] : [records];
  return any ? [records, records.toReversed(), ...records.map((record) => [record])] : [records];
}

function orderOf({ args }: Node): readonly number[] {
  return args.at(-1) as readonly number[];
}

function recordsOf(mask: number): number[] {
  return Array.from({ length: 31 }, (_, record) => record).filter((record) => (mask >> record) & 1);
}

function maskOf(records: readonly number[]): number {
  return records.reduce((mask, record) => mask | (1 << record), 0);
}

function connectionOf({ connection }: Request): [reader: number, number: number] {
  return (connection as string).split(' ').map(Number) as [number, number];
}

function isListing({ input }: Request): boolean {
  return (input as { IndexName?: string } | undefined)?.IndexName === 'byRoom';
}

function whoOf({ layout }: Room, place: number): string {
  return `Fan-out ${layout.fanOuts.indexOf(place) + 1}`;
}

import { BUDGET, DB, type ReaderPlaces } from '../layout.ts';
import { LATER, NOW } from '../programs.ts';
import { answerRule } from '../rules.ts';
import { left } from '../scenario.ts';
import type { Request } from '../search/process.ts';
import { connectionRow } from '../start.ts';
import type { Room } from '../world.ts';
import { serveDatabase } from './requests.ts';

/**
 * Takes a reader's step that no other process can notice: starts the invocation for the reader's HTTP request.
 * @returns whether there was such a step
 */
export function moveHiddenReader(room: Room): boolean {
  for (const reader of room.layout.readers) {
    const node = room.node(reader.replica);
    if (room.base[reader.page] !== 0) continue;
    const request = node.asked.map((id) => room.processes.requests.at(id)).find(({ port }) => port === 'http');
    if (!request) continue;
    const draft = room.draft();
    const { path, position } = request as unknown as { path: 'events' | 'history'; position: number | undefined };
    const now = room.calm ? LATER : NOW;
    if (room.invoke(draft, reader.page, path, [room.scenario.pageSize ?? 10, position ?? null, now])) {
      room.emit(draft, () => `${reader.name} asks for ${asking(path, position)}.`);
    }
    return true;
  }
  return false;
}

export function moveReaders(room: Room): void {
  for (const reader of room.layout.readers) {
    receive(room, reader);
    answerPage(room, reader);
    answerPing(room, reader);
    comeAndGo(room, reader);
    if (room.may('early')) runTimer(room, reader, true);
    if (room.may('scroll')) scroll(room, reader);
    if (room.may('ping') && room.base[reader.ping] === 0 && room.base[reader.link]! > 0) {
      const draft = room.draft();
      room.spend(draft, 'ping');
      if (room.invoke(draft, reader.ping, 'ping', [])) room.emit(draft, () => `${reader.name} pings.`, false);
    }
  }
  surroundings(room);
}

function receive(room: Room, reader: ReaderPlaces): void {
  const mail = room.mail(room.base[reader.frames]!);
  for (const [index, message] of mail.entries()) {
    if (message === mail[index - 1]) continue;
    const draft = room.draft();
    draft[reader.frames] = room.mailWithout(draft[reader.frames]!, index);
    if (room.tell(draft, reader.replica, message)) {
      const { events } = room.processes.messages.at(message) as { events: { seq: number }[] };
      room.emit(draft, () => `${reader.name} receives ${events.map(({ seq }) => seq).join(', ')}.`);
    }
  }
}

function answerPage(room: Room, reader: ReaderPlaces): void {
  const { page, replica, name } = reader;
  if (room.base[page] === 0) return;
  const { ended, args } = room.node(page);
  if (!ended) {
    serveDatabase(room, page, `${name}'s request`);
    return;
  }
  const asked = room.node(replica).asked.findIndex((id) => room.processes.requests.at(id).port === 'http');
  const draft = room.draft();
  draft[page] = 0;
  const answer = 'value' in ended ? room.processes.value(ended.value) : room.processes.timeout;
  const { events } = ('value' in ended ? ended.value : {}) as Partial<Page>;
  if (events) room.break(answerRule(args.at(-2) as number, events));
  if (room.answer(draft, replica, asked, answer)) {
    room.emit(draft, () => `${name} gets ${'value' in ended ? pageOf(ended.value as Page) : 'an error'}.`);
  }
  if (room.may('lostAnswer') && 'value' in ended) {
    const draft = room.draft();
    draft[page] = 0;
    room.spend(draft, 'lostAnswer');
    if (room.answer(draft, replica, asked, room.processes.timeout)) {
      room.emit(draft, () => `${name}'s answer is lost.`, false);
    }
  }
}

function answerPing(room: Room, reader: ReaderPlaces): void {
  const { ping, replica, name } = reader;
  if (room.base[ping] === 0) return;
  const { ended } = room.node(ping);
  if (!ended) {
    serveDatabase(room, ping, `${name}'s ping`);
    return;
  }
  if ('value' in ended) {
    const draft = room.draft();
    draft[ping] = 0;
    const pong = ended.value as { epoch: string; head: number };
    if (room.tell(draft, replica, room.processes.messages.of(pong))) {
      room.emit(draft, () => `${name} learns that the head is ${pong.head} of ${pong.epoch}.`);
    }
  }
  if (room.may('lostAnswer') || 'error' in ended) {
    const draft = room.draft();
    draft[ping] = 0;
    if ('value' in ended) room.spend(draft, 'lostAnswer');
    room.emit(draft, () => `${name}'s pong is lost.`, 'error' in ended);
  }
}

function comeAndGo(room: Room, reader: ReaderPlaces): void {
  const link = room.base[reader.link]!;
  if (link === 0 && room.may('join')) {
    connect(room, reader, (draft) => room.spend(draft, 'join'), false);
  }
  if (link < 0) opened(room, reader);
  if (link > 0 && room.may('leave')) {
    const draft = room.draft();
    room.spend(draft, 'leave');
    draft[reader.link] = draft[reader.frames] = draft[reader.ping] = 0;
    room.emit(draft, () => `${reader.name}'s socket is cut, and nobody notices.`, false);
  }
}

/** Connects a reader: writes the connection's row. The socket opens in a later step. */
export function connect(room: Room, reader: ReaderPlaces, also: (draft: Int32Array) => void, counts: boolean): void {
  const draft = room.draft();
  also(draft);
  const number = ++draft[reader.links]!;
  draft[reader.link] = -number;
  draft[DB] = room.database.write(draft[DB]!, connectionRow(reader.number, number, false));
  room.emit(draft, () => `${reader.name} connects; the socket is not open yet.`, counts);
}

function opened(room: Room, reader: ReaderPlaces): void {
  const draft = room.draft();
  draft[reader.link] = -draft[reader.link]!;
  const isFirst = draft[reader.link] === 1;
  if (isFirst && !room.tell(draft, reader.replica, room.processes.messages.of('open'))) return;
  if (draft[reader.ping] === 0 && !room.invoke(draft, reader.ping, 'ping', [])) return;
  room.emit(draft, () => `${reader.name}'s socket is open; it pings.`);
}

function scroll(room: Room, reader: ReaderPlaces): void {
  const { loaded, nextBefore, loadingOlder } = room.view(room.base, reader);
  if (!loaded || nextBefore === null || loadingOlder) return;
  const draft = room.draft();
  room.spend(draft, 'scroll');
  if (room.tell(draft, reader.replica, room.processes.messages.of('older'))) {
    room.emit(draft, () => `${reader.name} scrolls down.`, false);
  }
}

/** Ends a wait of the reader. @returns whether the reader was waiting */
export function runTimer(room: Room, { replica, name }: ReaderPlaces, isEarly: boolean): boolean {
  const node = room.node(replica);
  const place = node.asked.findIndex((id) => room.processes.requests.at(id).port === 'timer');
  if (place === -1) return false;
  const draft = room.draft();
  if (isEarly) room.spend(draft, 'early');
  if (room.answer(draft, replica, place, room.processes.value(0))) {
    const { ms } = room.request(node, place) as Request & { ms: number };
    room.emit(draft, () => `${name} has waited ${ms > 0 ? `${ms} ms` : 'a moment'}.`, !isEarly);
  }
  return true;
}

/** Emits the changes that come from no process: the index shows one more item, or the head's row is lost. */
function surroundings(room: Room): void {
  const facts = room.database.facts(room.base[DB]!);
  for (const item of facts.behind) {
    const draft = room.draft();
    draft[DB] = room.database.catchUp(draft[DB]!, item);
    room.emit(draft, () => `The index learns of ${item.split(':')[1]}.`, false);
  }
  if (facts.head && left(room.base[BUDGET]!, 'lostHead') > 0) {
    const draft = room.draft();
    room.spend(draft, 'lostHead');
    draft[DB] = room.database.loseHead(draft[DB]!);
    room.emit(draft, () => "The row of the room's head is lost.", false);
  }
}

interface Page {
  epoch: string;
  head: number;
  messages?: readonly { seq: number }[];
  events?: readonly { seq: number }[];
  nextBefore?: number | null;
}

function pageOf({ epoch, head, messages, events, nextBefore }: Page): string {
  const seqs = (messages ?? events ?? []).map(({ seq }) => seq).join(', ') || 'nothing';
  return `${messages ? 'messages' : 'events'} ${seqs} (head ${head} of ${epoch}${nextBefore === undefined ? '' : `, older: ${nextBefore ?? 'none'}`})`;
}

function asking(path: string, position: number | undefined): string {
  if (path === 'events') return `the events after ${position}`;
  return position === undefined ? 'the newest page' : `the page before ${position}`;
}

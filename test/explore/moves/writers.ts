import type { Ack, ErrorFrame } from '../../../src/domain/schema.generated.ts';
import { nameOf } from '../database.ts';
import { DB, type WriterPlaces } from '../layout.ts';
import { ackRule, refusalRule } from '../rules.ts';
import { idOf, type Said } from '../scenario.ts';
import type { Request } from '../search/process.ts';
import type { Room } from '../world.ts';
import { serveDatabase } from './requests.ts';

/**
 * Takes a writer's step that no other process can notice: a command leaves the outbox, the wait before a retry (0 ms
 * here) ends, or an answer arrives while no other answer can come.
 * @returns whether there was such a step
 */
export function moveHiddenWriter(room: Room): boolean {
  for (const [index, { name, outbox, invocations }] of room.layout.writers.entries()) {
    const node = room.node(outbox);
    for (const [place, id] of node.asked.entries()) {
      const request = room.processes.requests.at(id);
      const free = invocations.find((invocation) => room.base[invocation] === 0);
      if (request.port === 'send' && free !== undefined) {
        const draft = room.draft();
        const { actor } = room.scenario.writers[index]!;
        const started = room.invoke(draft, free, 'command', [actor, request.command]);
        if (started && room.answer(draft, outbox, place, room.processes.value(true))) {
          room.emit(draft, () => `${name} sends ${saying(request)}.`);
        }
        return true;
      }
      if (request.port === 'timer' && request.ms === 0) {
        const draft = room.draft();
        if (room.answer(draft, outbox, place, room.processes.value(0)))
          room.emit(draft, () => `${name} waits a moment.`);
        return true;
      }
    }
    // Delivers an answer if nothing else can reach the outbox now.
    const [one, two] = invocations;
    if (room.may('early') || (room.base[one] !== 0) === (room.base[two] !== 0)) continue;
    const invocation = room.base[one] === 0 ? two : one;
    if (!room.node(invocation).ended) continue;
    answer(room, index, room.layout.writers[index]!, invocation);
    return true;
  }
  return false;
}

export function moveWriters(room: Room): void {
  for (const [index, places] of room.layout.writers.entries()) {
    for (const invocation of places.invocations) {
      if (room.base[invocation] === 0) continue;
      if (room.node(invocation).ended) answer(room, index, places, invocation);
      else serveDatabase(room, invocation, `${places.name}'s command`);
    }
    const waits = places.invocations.every((invocation) => room.base[invocation] === 0);
    if (waits) giveUpWaiting(room, places, true);
    else if (room.may('early') && places.invocations.some((invocation) => room.base[invocation] === 0)) {
      giveUpWaiting(room, places, false);
    }
  }
}

/**
 * Emits the possible next states: one in which the invocation's answer arrives and, if the scenario still allows a lost
 * answer, one in which the answer is lost.
 */
function answer(room: Room, writer: number, places: WriterPlaces, invocation: number): void {
  const { ended, args } = room.node(invocation);
  const frame = (ended as { value: Ack | ErrorFrame }).value;
  const said = args.at(-1) as Said;
  const draft = room.draft();
  // Judges only after `room.draft()`, which would forget a violation that was found before.
  judge(room, writer, frame, said);
  draft[invocation] = 0;
  const words = frame.type === 'ack' ? 'acked' : `refused (${frame.code})`;
  if (room.tell(draft, places.outbox, room.processes.messages.of(frame))) {
    room.emit(draft, () => `${places.name}'s ${said.clientMessageId} is ${words}.`);
  }
  if (room.may('lostAnswer')) {
    const draft = room.draft();
    draft[invocation] = 0;
    room.spend(draft, 'lostAnswer');
    room.emit(draft, () => `${places.name}'s ${said.clientMessageId} is ${words}, and that answer is lost.`, false);
  }
}

function judge(room: Room, writer: number, frame: Ack | ErrorFrame, said: Said): void {
  const facts = room.database.facts(room.base[DB]!);
  const text = said.action === 'sendMessage' ? said.text : undefined;
  const id = idOf(room.scenario.writers[writer]!.actor, said.clientMessageId);
  if (frame.type === 'ack') room.break(ackRule(frame.id, text, facts));
  else if (frame.code !== 'unavailable') room.break(refusalRule(id, text, facts));
}

/** Ends the wait for an answer that never comes or takes too long. */
function giveUpWaiting(room: Room, { name, outbox }: WriterPlaces, isLate: boolean): void {
  const node = room.node(outbox);
  const place = node.asked.findIndex((id) => isAnswerTimeout(room.processes.requests.at(id)));
  if (place === -1) return;
  const draft = room.draft();
  if (!isLate) room.spend(draft, 'early');
  if (room.answer(draft, outbox, place, room.processes.value(0))) {
    room.emit(draft, () => `${name} has waited for an answer long enough.`, isLate);
  }
}

function isAnswerTimeout({ port, ms }: Request): boolean {
  return port === 'timer' && ms === 10_000;
}

function saying({ command }: Request): string {
  const said = command as Said;
  switch (said.action) {
    case 'sendMessage':
      return `"${said.text}" as ${said.clientMessageId}`;
    case 'deleteMessage':
      return `the deletion of ${nameOf(said.target)} as ${said.clientMessageId}`;
    default:
      return `a ban as ${said.clientMessageId}`;
  }
}

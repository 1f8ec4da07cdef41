import type { Command } from '../../src/domain/commands/command.ts';
import * as commands from '../../src/domain/commands/commands.ts';
import { execute } from '../../src/domain/commands/execute.ts';
import { moderationPage } from '../../src/domain/governance/moderation-page.ts';
import { OPERATOR } from '../../src/domain/governance/operator.ts';
import { blockedWords, MAX_PHRASE, MAX_WORD_UNITS, MAX_WORDS } from '../../src/domain/governance/words.ts';
import type { EventLog } from '../../src/domain/ports/event-log.ts';
import type { Reports as ReportStore } from '../../src/domain/ports/reports.ts';
import type { RoomRules } from '../../src/domain/ports/room-rules.ts';
import type { EventId, Reports, SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { DynamoWords } from '../../src/infra/dynamodb/words.ts';
import { skeletonOf } from '../../src/infra/identity/skeleton.ts';
import type { Runtime } from '../../src/infra/runtime.ts';
import type { Act } from './act.ts';

export interface ActPorts {
  log: EventLog;
  rules: RoomRules;
  reports: ReportStore;
  words: Pick<DynamoWords, 'read' | 'write'>;
  runtime: Pick<Runtime, 'now' | 'sleep' | 'createId'>;
}

export type Outcome =
  | { kind: 'done'; id: EventId; appended: boolean; seq?: number | undefined }
  | { kind: 'reports'; page: Reports }
  | { kind: 'log'; events: readonly SequencedEvent[] }
  | { kind: 'words'; words: readonly string[] };

/** Maximum wait for the number of the act's event, ms. The fan-out normally assigns it within a second. */
const NUMBERED_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 200;

/** Maximum number of events that the act `log` reads. */
const LOOKED_THROUGH = 1_000;
/** Maximum number of earlier acts that the act `log` shows. */
const SHOWN = 50;

/**
 * Runs an act of the operator. An act that appends an event runs the same command as a moderator does, with
 * {@link OPERATOR} as the actor.
 */
export async function runAct(room: string, act: Act, ports: ActPorts): Promise<Outcome> {
  switch (act.kind) {
    case 'reports':
      return { kind: 'reports', page: await moderationPage(room, ports, ports.runtime.now()) };
    case 'log':
      return { kind: 'log', events: await lastActs(room, ports.log) };
    case 'words':
      return { kind: 'words', words: (await ports.words.read(room)) ?? [] };
    case 'change words':
      return { kind: 'words', words: await changeWords(room, act, ports.words) };
    case 'command':
      return runCommand(room, act.frame, ports);
  }
}

async function runCommand(
  room: string,
  frame: Extract<Act, { kind: 'command' }>['frame'],
  { log, rules, runtime }: ActPorts,
): Promise<Outcome> {
  const command = Object.values(commands).find(({ name }) => name === frame.action) as Command<unknown> | undefined;
  if (!command) throw new Error(`There is no command ${frame.action}.`);
  const context = {
    ...{ room, actor: OPERATOR, clientMessageId: runtime.createId(), at: runtime.now() },
    limits: { textGraphemes: 0 },
  };
  const { id, appended } = await execute(command, frame, context, {
    log,
    rules,
    rateLimiter: { take: async () => {} },
  });
  const deadline = runtime.now() + NUMBERED_WITHIN_MS;
  for (;;) {
    const seq = (await log.find(room, id))?.seq;
    if (seq !== undefined || runtime.now() >= deadline) return { kind: 'done', id, appended, seq };
    await runtime.sleep(LOOK_AGAIN_MS);
  }
}

/** Returns the last acts of moderators and the operator, latest first. */
async function lastActs(room: string, log: EventLog): Promise<SequencedEvent[]> {
  const acts: SequencedEvent[] = [];
  let before: number | undefined;
  for (let read = 0; read < LOOKED_THROUGH; read += 100) {
    const page = await log.readBefore(room, before, 100);
    acts.push(...page.filter(isAct));
    before = page.at(-1)?.seq;
    if (before === undefined || acts.length >= SHOWN) break;
  }
  return acts.slice(0, SHOWN);
}

function isAct(event: SequencedEvent): boolean {
  const isDeletionOfOthers = event.type === 'MessageDeleted' && !event.data.target.startsWith(`${event.data.by}:`);
  return isDeletionOfOthers || ['PersonBanned', 'PersonUnbanned', 'PersonErased', 'RoomChanged'].includes(event.type);
}

async function changeWords(
  room: string,
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
  store: ActPorts['words'],
): Promise<readonly string[]> {
  const lost = new Set(remove.map((word) => word.trim()));
  const added = add.map((word) => word.trim());
  const unfit = added.find((word) => !blockedWords([word], skeletonOf)(word));
  if (unfit !== undefined)
    throw new Error(`"${unfit}" is no word: it has no letters, or signs at an end that spell none.`);
  for (;;) {
    const before = await store.read(room);
    const unknown = [...lost].find((word) => !before?.includes(word));
    if (unknown !== undefined) throw new Error(`"${unknown}" is not a blocked word of ${room}.`);
    const words = [...new Set([...(before ?? []), ...added])].filter((word) => !lost.has(word)).sort();
    requireFit(words);
    // Returns false if another operator has changed the words since `read`. Then reads them again.
    if (await store.write(room, words, before)) return words;
  }
}

function requireFit(words: readonly string[]): void {
  if (words.length > MAX_WORDS) throw new Error(`A room has at most ${MAX_WORDS} blocked words.`);
  const long = words.find((word) => word.length > MAX_WORD_UNITS);
  if (long) throw new Error(`"${long}" is longer than ${MAX_WORD_UNITS} characters.`);
  const phrase = words.find((word) => word.split(/\s+/).length > MAX_PHRASE);
  if (phrase) throw new Error(`"${phrase}" has more than ${MAX_PHRASE} words.`);
}

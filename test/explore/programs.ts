import type { DynamoDBRecord } from 'aws-lambda';
import { banPerson } from '../../src/domain/commands/ban-person.ts';
import type { Command } from '../../src/domain/commands/command.ts';
import { deleteMessage } from '../../src/domain/commands/delete-message.ts';
import { execute } from '../../src/domain/commands/execute.ts';
import { sendMessage } from '../../src/domain/commands/send-message.ts';
import { unbanPerson } from '../../src/domain/commands/unban-person.ts';
import { sequenceAndFanOut } from '../../src/domain/delivery/sequence-and-fan-out.ts';
import { ShoutError } from '../../src/domain/errors.ts';
import { noRules } from '../../src/domain/governance/rules.ts';
import type { PostOutcome } from '../../src/domain/ports/gateway.ts';
import { chatHistory, eventsAfter } from '../../src/domain/reading/history.ts';
import type { EventsFrame } from '../../src/domain/schema.generated.ts';
import { DynamoConnections } from '../../src/infra/dynamodb/connections.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { batchFailures, eventsByRoom, type RoomBatch } from '../../src/infra/dynamodb/stream-records.ts';
import type { Api } from '../../web/client/api.ts';
import { Lifetime, type Timers } from '../../web/client/lifetime.ts';
import { Outbox } from '../../web/client/outbox.ts';
import { Replica } from '../../web/client/replica.ts';
import { inMemoryClient } from '../in-memory/dynamodb/client.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../tables.ts';
import { ROOM } from './database.ts';
import type { ReaderView, Told } from './rules.ts';
import { actors, type Said } from './scenario.ts';
import type { Outside, Program, Running } from './search/process.ts';

/**
 * What every clock says, except in the requests for which it says {@link LATER}. No clock runs: the search decides when
 * a wait ends.
 */
export const NOW = 1_700_000_000_000;
/**
 * What the clock says in readers' requests, `history` and `events`, once the faults have ended. Every number was then
 * given more than a minute ago, so a number that is missing from the index counts as vacant
 * (src/domain/reading/vacancy.ts).
 */
export const LATER = NOW + 3_600_000;

const timers = (outside: Outside): Timers => ({
  setTimeout: (run, ms) => outside.after({ port: 'timer', ms: Math.round(ms) }, run),
  clearTimeout: (withdraw) => (withdraw as () => void)(),
});

function database(outside: Outside) {
  return inMemoryClient(
    () => {
      throw new Error('Every request is answered by the search.');
    },
    (command, input) => outside.ask({ port: 'db', command, input }) as Promise<object>,
  );
}

function eventLog(outside: Outside, epochs: string): DynamoEventLog {
  let made = 0;
  return new DynamoEventLog(
    database(outside),
    { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE },
    { now: () => NOW, createId: () => `epoch ${epochs}${made++ > 0 ? `.${made}` : ''}`, headroom: 2 },
  );
}

/** Returns a log that reads at the time `now`. A head that it rebuilds is still dated `NOW`. */
function readAt(now: number, outside: Outside, epochs: string): DynamoEventLog {
  return Object.assign(eventLog(outside, epochs), { now: () => now });
}

/**
 * Serves one batch of stream records, as src/handlers/fanOut.ts does, but does not park events that cannot be numbered
 * (src/domain/delivery/serve-or-park.ts). Ends with the position of the first failed record; -1 if none failed.
 */
function fanOut(outside: Outside, epochs: string, records: DynamoDBRecord[]): Running {
  const ports = {
    log: eventLog(outside, epochs),
    connections: new DynamoConnections(database(outside), STATE_TABLE, 20, () => NOW),
    gateway: {
      post: (connection: string, { body }: { body: Uint8Array }) => {
        const frame = JSON.parse(new TextDecoder().decode(body)) as EventsFrame;
        return outside.ask({ port: 'post', connection, frame }) as Promise<PostOutcome>;
      },
      close: async () => {},
    },
    isForEveryone: () => true,
    now: () => NOW,
    startTimer: () => ({ refresh: () => {}, close: () => {} }),
    concurrency: 1,
  };
  const serve = ({ name, events }: RoomBatch) =>
    sequenceAndFanOut(name, events, ports, () => Number.POSITIVE_INFINITY).then(
      () => true,
      () => false,
    );
  const run = async () => {
    const { rooms } = eventsByRoom(records);
    const served = await Promise.all(rooms.map(serve));
    const [failure] = batchFailures(rooms.filter((_, index) => !served[index])).batchItemFailures;
    return records.findIndex(({ dynamodb }) => dynamodb!.SequenceNumber === failure?.itemIdentifier);
  };
  return { ended: run() };
}

const commands = { sendMessage, deleteMessage, banPerson, unbanPerson };

/** Executes one command. Ends with the answer frame: an ack or an error. */
function command(outside: Outside, epochs: string, actor: keyof typeof actors, said: Said): Running {
  const { clientMessageId } = said;
  const limits = { textGraphemes: 500 };
  const context = { room: ROOM, actor: actors[actor], clientMessageId, at: NOW, limits };
  const decided = commands[said.action] as Command<Said>;
  const run = async () => {
    try {
      const { id } = await execute(decided, said, context as never, {
        log: eventLog(outside, epochs),
        // The rules that a command reads are up to 1 s old, and may lack a new ban. Here they lack every ban, so that
        // only the numbering can void the message.
        rules: { current: async () => ({ rules: noRules }) },
        rateLimiter: { take: async () => {} },
      });
      return { type: 'ack', clientMessageId, id };
    } catch (error) {
      const code = error instanceof ShoutError ? error.code : 'unavailable';
      return { type: 'error', code, message: code, clientMessageId };
    }
  };
  return { ended: run() };
}

function ping(outside: Outside, epochs: string): Running {
  const pong = eventLog(outside, epochs)
    .head(ROOM)
    .then(({ epoch, seq }) => ({ epoch, head: seq }));
  return { ended: pong };
}

function history(outside: Outside, epochs: string, pageSize: number, before: number | null, now: number): Running {
  return { ended: chatHistory(readAt(now, outside, epochs), ROOM, before ?? undefined, pageSize) };
}

function events(outside: Outside, epochs: string, pageSize: number, after: number, now: number): Running {
  return { ended: eventsAfter(readAt(now, outside, epochs), ROOM, after, pageSize) };
}

/** Runs a reader's copy of the room. */
function replica(outside: Outside): Running {
  const ask = (path: string) => (_life: unknown, position?: number) => outside.ask({ port: 'http', path, position });
  const api = { history: ask('history'), events: ask('events') } as unknown as Api;
  const copy: Replica = new Replica(api, {
    timers: timers(outside),
    random: () => 0,
    people: () => 0,
    changed: ({ arrived = [], reset = false }) => {
      const { loaded, cursor } = copy.state;
      const { epoch, last } = cursor;
      outside.tell({ arrived: arrived.map(({ seq }) => seq), reset, loaded, epoch, last } satisfies Told);
    },
  });
  return {
    take(message: 'open' | 'older' | EventsFrame | { epoch: string; head: number }) {
      if (message === 'open') copy.open();
      else if (message === 'older') void copy.loadOlder();
      else if ('events' in message) copy.receive(message.epoch, message.events);
      else copy.compare(message.epoch, message.head);
    },
    state: () => copy.state,
    view: (): ReaderView => {
      const { loaded, cursor, nextBefore, loadingOlder, feed } = copy.state;
      const messages = feed.messages as ReaderView['messages'];
      return { loaded, epoch: cursor.epoch, last: cursor.last, nextBefore, loadingOlder, messages };
    },
  } as Running;
}

/** Runs a writer's outbox, which sends the commands in `says`. */
function outbox(outside: Outside, says: Said[]): Running {
  const entries = says.map((said) => ({ command: said, at: NOW, state: 'sending', attempts: 0 }));
  const state = { entries, inFlight: undefined, rateLimitedUntil: undefined };
  const box = new Outbox(state as never, {
    send: (command) => {
      void outside.ask({ port: 'send', command });
      return true;
    },
    changed: () => {},
    checkConnection: () => {},
    refused: () => {},
    shows: () => false,
    kept: { storage: undefined, server: '', room: '' },
    person: () => undefined,
    sendsAs: () => undefined,
    now: () => NOW,
    random: () => 0,
  });
  box.open(new Lifetime(timers(outside)));
  box.flush();
  return {
    take: (frame: { type: string }) => (frame.type === 'ack' ? box.ack(frame as never) : box.fail(frame as never)),
    state: () => state,
  } as Running;
}

/**
 * The real code that the search runs. If a program creates a head of the room, it puts `epochs` into the name of the
 * head's epoch.
 */
export const programs = {
  fanOut,
  command,
  ping,
  history,
  events,
  replica,
  outbox,
} as unknown as Record<string, Program>;

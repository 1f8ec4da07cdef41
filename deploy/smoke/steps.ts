import type {
  Ack,
  ChatHistoryPage,
  Config,
  EventsFrame,
  EventsPage,
  SequencedEvent,
  ServerFrame,
} from '../../src/domain/schema.generated.ts';
import { SmokeSocket } from './socket.ts';
import type { Target } from './target.ts';

/** Input of a run, and the results of its earlier steps, which later steps need. */
export interface Conversation {
  target: Target;
  room: string;
  /** Text of the run's message. It differs in each run, so that no run finds the message of another. */
  text: string;
  token: string;
  config: Config;
  writer: SmokeSocket;
  reader: SmokeSocket;
  posted: { id: string; seq: number; epoch: string };
}

export interface Step {
  name: string;
  /** The part of the system that is at fault if all earlier steps succeeded and this step fails. */
  part: string;
  /**
   * Runs the step, and adds its results to the conversation.
   * @param signal aborts at the step's deadline
   * @throws if the step fails
   */
  run(conversation: Conversation, signal: AbortSignal): Promise<void>;
}

const isAck = (frame: ServerFrame): frame is Ack => frame.type === 'ack';
const brings =
  (type: string, id: (data: EventsFrame['events'][number]) => unknown, wanted: string) =>
  (frame: ServerFrame): frame is EventsFrame =>
    frame.type === 'events' && frame.events.some((event) => event.type === type && id(event) === wanted);

const settings: Step = {
  name: 'settings',
  part: 'the HTTP API, or the config function behind it',
  async run(conversation, signal) {
    conversation.config = await getJson<Config>(conversation, 'config', {}, signal);
  },
};

export const steps: readonly Step[] = [
  settings,
  {
    name: 'sign in',
    part: 'the identity provider, or what it was told about this client',
    async run(conversation) {
      const { token } = conversation.target;
      if (!token)
        throw new Error('set SMOKE_TOKEN to an access token of your issuer (docs/sign-in says how to get one)');
      conversation.token = await token();
    },
  },
  {
    name: 'connect, twice',
    part: 'the WebSocket API, the connect function, or what it takes for a good token (ISSUER, AUDIENCE)',
    async run(conversation, signal) {
      const url = new URL(conversation.config.webSocketUrl);
      url.searchParams.set('room', conversation.room);
      conversation.writer = new SmokeSocket(url.href, conversation.token);
      conversation.reader = new SmokeSocket(url.href, conversation.token);
      await Promise.all([conversation.writer.opened(signal), conversation.reader.opened(signal)]);
    },
  },
  {
    name: 'send a message',
    part: 'the sendMessage function, or the Events table it writes to',
    async run({ writer, text }, signal) {
      writer.send({ action: 'sendMessage', text, clientMessageId: text });
      await writer.receive(isAck, signal);
    },
  },
  {
    name: 'the other socket gets it',
    part: "the table's stream, the fanOut function, or its way to the connections",
    async run(conversation, signal) {
      const { reader, text } = conversation;
      const frame = await reader.receive(brings('MessagePosted', textOf, text), signal);
      const { id, seq } = frame.events.find((event) => textOf(event) === text)!;
      conversation.posted = { id, seq, epoch: frame.epoch };
    },
  },
  {
    name: 'it is in the history',
    part: 'the chatHistory function, or the index by number that it reads',
    async run(conversation, signal) {
      const { posted, text } = conversation;
      await eventually(signal, async () => {
        const page = await getJson<ChatHistoryPage>(conversation, 'chat-history', { room: conversation.room }, signal);
        return page.messages.some((message) => message.id === posted.id && message.text === text);
      });
    },
  },
  {
    name: 'who missed it gets it',
    part: 'the events function',
    async run(conversation, signal) {
      const { posted, room } = conversation;
      await eventually(signal, async () => {
        const page = await getJson<EventsPage>(conversation, 'events', { room, after: posted.seq - 1 }, signal);
        return page.epoch === posted.epoch && page.events[0]?.id === posted.id;
      });
    },
  },
  {
    name: 'delete it',
    part: 'the deleteMessage function',
    async run(conversation, signal) {
      const { writer, reader, posted, text } = conversation;
      writer.send({ action: 'deleteMessage', target: posted.id, clientMessageId: `${text}-deleted` });
      await reader.receive(brings('MessageDeleted', targetOf, posted.id), signal);
      await eventually(signal, async () => {
        const page = await getJson<ChatHistoryPage>(conversation, 'chat-history', { room: conversation.room }, signal);
        return page.messages.some(({ id, deleted, text: left }) => id === posted.id && deleted && left === undefined);
      });
    },
  },
];

/** The steps of a guest, which need no token. */
export const guestSteps: readonly Step[] = [
  settings,
  {
    name: 'history answers a guest',
    part: 'the chatHistory function, or the tables that it reads',
    async run({ target }, signal) {
      const response = await request(target, 'chat-history', { room: 'lobby' }, {}, signal);
      // A room can be closed to guests. The function then refuses with a `code`, which shows that the function works.
      const refused =
        response.status < 500 &&
        'code' in
          ((await response
            .clone()
            .json()
            .catch(() => ({}))) as object);
      if (!response.ok && !refused) throw await failureOf(response);
    },
  },
];

/** Wait between two calls of `look`, ms. An index lags behind its table, so a new event may take a moment to appear. */
const ASK_AGAIN_MS = 200;

async function eventually(signal: AbortSignal, look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

async function getJson<T>(
  { target, token }: Conversation,
  path: string,
  query: Record<string, string | number>,
  signal: AbortSignal,
): Promise<T> {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await request(target, path, query, headers, signal);
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as T;
}

async function request(
  { server }: Target,
  path: string,
  query: Record<string, string | number>,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(`${server.replace(/\/+$/, '')}/${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return fetch(url, { signal, headers }).catch((cause: Error) => {
    throw new Error(`${url} does not answer`, { cause: cause.cause ?? cause });
  });
}

const failureOf = async (response: Response) =>
  new Error(`${response.url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);

function textOf(event: SequencedEvent): string | undefined {
  return event.type === 'MessagePosted' ? event.data.text : undefined;
}

function targetOf(event: SequencedEvent): string | undefined {
  return event.type === 'MessageDeleted' ? event.data.target : undefined;
}

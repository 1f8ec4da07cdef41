import { emptyFeed, evolve, type Feed, mergePage } from '../../src/domain/feed/feed.ts';
import { at, type Cursor, compare, receive, type Step, start } from '../../src/domain/reading/cursor.ts';
import type { ChatHistoryPage, EventId, SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { Api, RequestError } from './api.ts';
import { fullJitter, readTurn } from './backoff.ts';
import { Lifetime, type Timers } from './lifetime.ts';

/**
 * Minimum wait before the reader asks for missing events. Usually they are only late and arrive by themselves: frames
 * to one connection can overtake each other, and a pong can overtake events. A random time of up to another `HOLD_MS`
 * is added, so that readers that missed the same frame do not all ask at once.
 */
const HOLD_MS = 150;
/** A reader that misses more events than this loads the newest page instead of the missed events. */
const TOO_FAR = 2_000;
/** Maximum number of frames that are kept while the first page is loading. */
const MAX_EARLY = 1_000;
/**
 * Maximum number of answers in a row without a new event before the feed is loaded anew. If an event is gone for good,
 * the server answers with a placeholder, `NumberVacant`, but only after a minute. With the waits between them, this
 * many answers usually take longer than a minute, so the placeholder usually comes first.
 */
const MAX_FRUITLESS = 20;
/**
 * Wait before the reader asks once more for vacant numbers, those for which the server sent the placeholder
 * `NumberVacant`. A random time of up to another `ASK_AGAIN_MS` is added. The missing events may have appeared by then,
 * because the server reads from an index, and AWS does not bound the lag of an index.
 */
const ASK_AGAIN_MS = 60_000;
/** Maximum number of requests in one call of `#askAgain`. */
const MAX_ASKED_AGAIN = 10;
/** Maximum number of runs of consecutive vacant numbers that are remembered. */
const MAX_VACANT_RUNS = 1_000;
/** Maximum number of pages that one call of `loadOlder` asks for, in search of a page with a message. */
const MAX_EMPTY_PAGES = 20;

/** The content of a frame that arrived before the first page was loaded: events, or the head of a pong. */
type EarlyFrame = { epoch: string; events: readonly SequencedEvent[] } | { epoch: string; head: number };

export interface ReplicaState {
  feed: Feed;
  cursor: Cursor;
  /** Whether the first page is loaded. */
  loaded: boolean;
  /** Whether the last attempt to load the first page failed. False if it failed because the server refused it. */
  failing: boolean;
  /**
   * The highest number that a pong or an HTTP answer has named as the room's head since the first page was loaded; 0 if
   * none has. The first page itself and pushed events do not raise `head`.
   */
  head: number;
  /** The parameter `before` of the next older page; null if there is none. */
  nextBefore: number | null;
  loadingOlder: boolean;
  early: EarlyFrame[];
  /**
   * How long the replica waits for missing events to arrive by themselves: not at all, for up to twice `HOLD_MS`, or
   * until this reader's turn to ask for them.
   */
  holding: 'no' | 'briefly' | 'in-turn';
  /** Whether the first page or missing events are being fetched. */
  syncing: boolean;
  /** Number of failed or fruitless requests in a row, for the backoff. */
  attempts: number;
  /** Number of answers in a row without a new event. */
  fruitless: number;
  /** The first number of each run of vacant numbers that will be asked for once more. */
  vacant: number[];
}

interface Hooks {
  /**
   * `arrived`: the events that were just applied, in order. `shown`: ids of the messages and events that were just put
   * into the feed; some may have been there before. `reset`: the feed was dropped. `loaded`: the newest page has been
   * loaded.
   */
  changed: (change: {
    arrived?: readonly SequencedEvent[];
    shown?: readonly EventId[];
    reset?: boolean;
    loaded?: boolean;
  }) => void;
  timers: Timers;
  random: () => number;
  /** Returns how many connections the room has; 0 if that is unknown. */
  people: () => number;
}

/** This reader's copy of the room. Applies events in the order of their numbers and fetches the missing ones. */
export class Replica {
  readonly state: ReplicaState = {
    feed: emptyFeed,
    cursor: start,
    loaded: false,
    failing: false,
    head: 0,
    nextBefore: null,
    loadingOlder: false,
    early: [],
    holding: 'no',
    syncing: false,
    attempts: 0,
    fruitless: 0,
    vacant: [],
  };
  /** Lasts from `open` to `close`. */
  #life: Lifetime | undefined;
  #cancelTurn: (() => void) | undefined;
  readonly #api: Api;
  readonly #hooks: Hooks;

  constructor(api: Api, hooks: Hooks) {
    this.#api = api;
    this.#hooks = hooks;
  }

  /** Whether the first page or an event is missing. */
  get behind(): boolean {
    const { loaded, head, cursor } = this.state;
    return !loaded || head > cursor.last || cursor.held.length > 0;
  }

  /**
   * Whether the first page is not loaded yet, or missing events are being fetched or wait for this reader's turn. A
   * brief wait does not count, because the missing events usually arrive by themselves.
   */
  get catchingUp(): boolean {
    const { loaded, syncing, holding } = this.state;
    return !loaded || syncing || holding === 'in-turn';
  }

  open(): void {
    if (this.#life) return;
    this.#life = new Lifetime(this.#hooks.timers);
    if (this.behind) void this.#sync(this.#life);
    if (this.state.vacant.length > 0) this.#askAgainLater();
  }

  close(): void {
    this.#life?.end();
    this.#life = undefined;
    this.state.holding = 'no';
    this.state.syncing = this.state.loadingOlder = false;
  }

  /** Takes in events that the server has pushed to the whole room. They may come in any order. */
  receive(epoch: string, events: readonly SequencedEvent[]): void {
    if (this.state.loaded) this.#take(receive(this.state.cursor, epoch, events), 0, true);
    else this.#keep({ epoch, events });
  }

  /**
   * Compares this copy with the room's head. If events are missing, fetches them after a wait.
   *
   * @param head the number of the room's newest event, from a pong
   * @param together true if the pong answers no ping: the server probably sent it to the whole room (`encodeRound`)
   */
  compare(epoch: string, head: number, together = false): void {
    if (this.state.loaded) this.#take(compare(this.state.cursor, epoch, head), head, together);
    else this.#keep({ epoch, head });
  }

  /**
   * Keeps a frame until the first page is loaded. Drops the oldest frame if there are too many: its events are on the
   * page or are fetched later.
   */
  #keep(frame: EarlyFrame): void {
    if (this.state.early.push(frame) > MAX_EARLY) this.state.early.shift();
  }

  /**
   * Asks for new events over HTTP, once. Called each time the client retries a failed attempt to connect, so that the
   * feed stays current even if no socket can be opened.
   */
  poll(): void {
    if (this.#life && !this.catchingUp) this.#fill(this.#life).catch(() => {});
  }

  /** Loads older pages until one has a message, at most `MAX_EMPTY_PAGES` of them. Always resolves. */
  async loadOlder(): Promise<void> {
    const { state } = this;
    const life = this.#life;
    let before = state.nextBefore;
    if (!life || before === null || state.loadingOlder) return;
    state.loadingOlder = true;
    this.#hooks.changed({});
    for (let pages = 0; pages < MAX_EMPTY_PAGES; pages++) {
      const page: ChatHistoryPage | undefined = await this.#api.history(life, before).catch(() => undefined);
      // Ignores the page if, meanwhile, the feed was reset or the replica was closed.
      if (this.#life !== life || state.nextBefore !== before) return;
      if (!page) break;
      state.nextBefore = page.nextBefore;
      state.feed = mergePage(state.feed, page.messages);
      this.#take(compare(state.cursor, page.epoch, page.head), page.head);
      this.#hooks.changed({ shown: idsOf(page.messages) });
      if (page.messages.length > 0 || state.nextBefore === null || state.nextBefore >= before) break;
      before = state.nextBefore;
    }
    state.loadingOlder = false;
    this.#hooks.changed({});
  }

  #take(step: Step, head = 0, together = false): void {
    if (step.kind === 'reset') {
      this.#reset(together);
      return;
    }
    const { state } = this;
    state.cursor = step.cursor;
    state.head = Math.max(state.head, head);
    state.feed = step.events.reduce(evolve, state.feed);
    if (this.behind) this.#hold(together);
    else if (state.holding === 'in-turn') this.#release();
    this.#noteVacant(step.events);
    this.#hooks.changed({ arrived: step.events, shown: idsOf(step.events) });
  }

  /**
   * Waits a moment for missing events, then asks for those that have not arrived.
   *
   * @param together true if the whole room may miss the same events; readers then take turns to ask
   */
  #hold(together: boolean): void {
    const { state } = this;
    const life = this.#life;
    if (!life || state.holding !== 'no' || state.syncing) return;
    const { random, people } = this.#hooks;
    state.holding = 'briefly';
    const ask = () => {
      state.holding = 'no';
      if (this.behind && !state.syncing) void this.#sync(life);
    };
    life.after(HOLD_MS * (1 + random()), () => {
      const turn = together && this.behind ? random() * readTurn(people()) : 0;
      if (turn < HOLD_MS) return ask();
      state.holding = 'in-turn';
      this.#cancelTurn = life.after(turn, ask);
      this.#hooks.changed({});
    });
  }

  /** Gives up this reader's turn to ask, because the missing events have arrived. */
  #release(): void {
    this.#cancelTurn?.();
    this.state.holding = 'no';
  }

  /** Loads the first page if needed, then asks for missing events until none is missing. Never runs twice at once. */
  async #sync(life: Lifetime): Promise<void> {
    const { state } = this;
    state.syncing = true;
    state.attempts = state.fruitless = 0;
    this.#hooks.changed({});
    while (this.behind) {
      const { loaded, cursor } = state;
      let [answered, wait] = [true, 0];
      if (loaded && (state.head - cursor.last > TOO_FAR || state.fruitless > MAX_FRUITLESS)) this.#reset();
      try {
        await (state.loaded ? this.#fill(life) : this.#load(life));
      } catch (error) {
        answered = false;
        wait = (error as RequestError).retryAfterMs ?? 0;
      }
      if (life.over) return;
      if (answered) state.fruitless++;
      if (state.loaded && (!loaded || state.cursor.last > cursor.last)) state.attempts = state.fruitless = 0;
      else await life.sleep(Math.max(wait, this.#retryWait()));
      if (life.over) return;
    }
    state.syncing = false;
    this.#hooks.changed({});
  }

  #retryWait(): number {
    const { random, people } = this.#hooks;
    const turn = readTurn(people()) * (1 + random());
    return Math.max(turn / 2, fullJitter(this.state.attempts++, random, 500, 10_000));
  }

  async #fill(life: Lifetime): Promise<void> {
    const { state } = this;
    const { epoch, events, head } = await this.#api.events(life, state.cursor.last);
    // Ignores the answer if the feed was reset or the replica was closed meanwhile. The first `#take` can reset the
    // feed too.
    if (state.loaded && !life.over) this.#take(compare(state.cursor, epoch, head), head);
    if (state.loaded && !life.over) this.#take(receive(state.cursor, epoch, events));
  }

  #noteVacant(events: readonly SequencedEvent[]): void {
    const { vacant } = this.state;
    const none = vacant.length === 0;
    for (const [index, { type, seq }] of events.entries()) {
      if (type === 'NumberVacant' && events[index - 1]?.type !== type && vacant.length < MAX_VACANT_RUNS)
        vacant.push(seq);
    }
    if (none && vacant.length > 0) this.#askAgainLater();
  }

  #askAgainLater(): void {
    const life = this.#life;
    life?.after(ASK_AGAIN_MS * (1 + this.#hooks.random()), () => void this.#askAgain(life));
  }

  /** Asks for vacant numbers once more, and shows the events that have appeared since. */
  async #askAgain(life: Lifetime): Promise<void> {
    const { state } = this;
    // A reset replaces `state.vacant`. The numbers in this array then belong to a feed that was dropped.
    const { vacant } = state;
    const runs = vacant.splice(0);
    let [asked, requests] = [0, 0];
    try {
      for (; runs.length > 0; runs.shift()) {
        const first = runs[0]!;
        if (first <= asked || requests++ >= MAX_ASKED_AGAIN) continue;
        const { epoch, events } = await this.#api.events(life, first - 1);
        if (life.over || state.vacant !== vacant || epoch !== state.cursor.epoch) return;
        const late = events.filter(({ seq }) => seq <= state.cursor.last);
        asked = late.at(-1)?.seq ?? first;
        const feed = late.reduce(evolve, state.feed);
        if (feed === state.feed) continue;
        state.feed = feed;
        this.#hooks.changed({ shown: idsOf(late) });
      }
    } catch {
      if (state.vacant !== vacant) return;
      const none = vacant.length === 0;
      vacant.unshift(...runs);
      if (none) this.#askAgainLater();
    }
  }

  async #load(life: Lifetime): Promise<void> {
    const { state } = this;
    try {
      const { epoch, head, messages, nextBefore, rules } = await this.#api.history(life);
      if (life.over) return;
      state.cursor = at(epoch, head);
      state.feed = mergePage(rules ? { ...emptyFeed, rules } : emptyFeed, messages);
      state.nextBefore = nextBefore;
      state.loaded = true;
      state.failing = false;
      this.#hooks.changed({ shown: idsOf(messages), loaded: true });
      for (const frame of state.early.splice(0)) {
        if ('events' in frame) this.receive(frame.epoch, frame.events);
        else this.compare(frame.epoch, frame.head);
      }
      if (messages.length === 0) void this.loadOlder();
    } catch (error) {
      // `failing` makes the client show `offline`. That is wrong after a refusal, because the server has answered.
      state.failing = !life.over && !(error as RequestError).refused;
      this.#hooks.changed({});
      throw error;
    }
  }

  #reset(together = false): void {
    Object.assign(this.state, {
      feed: emptyFeed,
      cursor: start,
      head: 0,
      nextBefore: null,
      loaded: false,
      loadingOlder: false,
      vacant: [],
    } satisfies Partial<ReplicaState>);
    this.#hooks.changed({ reset: true });
    this.#hold(together);
  }
}

function idsOf(shown: readonly { id: EventId }[]): EventId[] {
  return shown.map(({ id }) => id);
}

import { emptyFeed, evolve, type Feed, mergePage } from '../../src/domain/feed/feed.ts';
import { at, type Cursor, compare, receive, type Step, start } from '../../src/domain/reading/cursor.ts';
import type { EventId, SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { Api, RequestError } from './api.ts';
import { fullJitter } from './backoff.ts';
import { Lifetime, type Timers } from './lifetime.ts';

/**
 * Posts to one connection may overtake each other, and a pong the events it speaks of: what is missing usually comes by
 * itself within this time. The jitter keeps readers that missed the same frame from asking in the same instant.
 */
const HOLD_MS = 150;
/** Further behind than this, the newest page is both cheaper and what a person wants to see. */
const TOO_FAR = 2_000;
/** Frames kept while the first page cannot be had. */
const MAX_EARLY = 1_000;
/** Answers in a row that bring nothing new before the place is given up: about half a minute. */
const MAX_FRUITLESS = 7;

interface Hooks {
  /** `shown`: ids that are in the feed now. */
  changed: (change: { arrived?: readonly SequencedEvent[]; shown?: readonly EventId[]; reset?: boolean }) => void;
  timers: Timers;
  random: () => number;
}

/** This reader's copy of the room: what it has applied, up to where, and how it gets what it missed. */
export class Replica {
  feed: Feed = emptyFeed;
  cursor: Cursor = start;
  loaded = false;
  loadingOlder = false;
  /** The first page cannot be had at the moment. */
  failing = false;
  #life: Lifetime | undefined;
  /** The room's head as last told. */
  #head = 0;
  /** What came before the first page did. */
  #early: (() => void)[] = [];
  #nextBefore: number | null = null;
  #holding = false;
  #syncing = false;
  readonly #api: Api;
  readonly #hooks: Hooks;

  constructor(api: Api, hooks: Hooks) {
    this.#api = api;
    this.#hooks = hooks;
  }

  get behind(): boolean {
    return !this.loaded || this.#head > this.cursor.last || this.cursor.held.length > 0;
  }

  /** Something is missing, and more than a moment's wait for what is on its way already. */
  get catchingUp(): boolean {
    return !this.loaded || this.#syncing;
  }

  get hasOlder(): boolean {
    return this.#nextBefore !== null;
  }

  open(): void {
    if (this.#life) return;
    this.#life = new Lifetime(this.#hooks.timers);
    if (this.behind) void this.#sync(this.#life);
  }

  close(): void {
    this.#life?.end();
    this.#life = undefined;
    this.#holding = this.#syncing = this.loadingOlder = false;
  }

  receive(epoch: string, events: readonly SequencedEvent[]): void {
    if (this.loaded) this.#take(receive(this.cursor, epoch, events));
    else this.#keep(() => this.receive(epoch, events));
  }

  /** @param head the room's head as a pong tells it */
  compare(epoch: string, head: number): void {
    if (this.loaded) this.#take(compare(this.cursor, epoch, head), head);
    else this.#keep(() => this.compare(epoch, head));
  }

  /** More of it than this is cheaper to ask for; what is dropped shows as a gap. */
  #keep(early: () => void): void {
    if (this.#early.push(early) > MAX_EARLY) this.#early.shift();
  }

  /** Asks over HTTP, once: the way to read on where no socket can be had. */
  poll(): void {
    if (this.#life && !this.catchingUp) this.#fill(this.#life).catch(() => {});
  }

  async loadOlder(): Promise<void> {
    const [life, before] = [this.#life, this.#nextBefore];
    if (!life || before === null || this.loadingOlder) return;
    this.loadingOlder = true;
    this.#hooks.changed({});
    const page = await this.#api.history(life, before).catch(() => undefined);
    // After a reset or close meanwhile this page belongs to nothing any more.
    if (this.#life !== life || this.#nextBefore !== before) return;
    this.loadingOlder = false;
    if (page) {
      this.#nextBefore = page.nextBefore;
      this.feed = mergePage(this.feed, page.messages);
      this.#take(compare(this.cursor, page.epoch, page.head), page.head);
    }
    this.#hooks.changed({ shown: idsOf(page?.messages ?? []) });
  }

  #take(step: Step, head = 0): void {
    if (step.kind === 'reset') {
      this.#reset();
      return;
    }
    this.cursor = step.cursor;
    this.#head = Math.max(this.#head, head);
    this.feed = step.events.reduce(evolve, this.feed);
    if (this.behind) this.#hold();
    this.#hooks.changed({ arrived: step.events, shown: idsOf(step.events) });
  }

  #hold(): void {
    if (this.#holding || this.#syncing) return;
    const life = this.#life;
    this.#holding = true;
    life?.after(HOLD_MS * (1 + this.#hooks.random()), () => {
      this.#holding = false;
      if (this.behind && !this.#syncing) void this.#sync(life);
    });
  }

  /** Asks for what is missing until nothing is: the one loop that does, so that there is one question at a time. */
  async #sync(life: Lifetime): Promise<void> {
    this.#syncing = true;
    this.#hooks.changed({});
    let fruitless = 0;
    for (let attempt = 0; this.behind; ) {
      const { loaded, cursor } = this;
      let wait = 0;
      if (loaded && (this.#head - cursor.last > TOO_FAR || fruitless > MAX_FRUITLESS)) this.#reset();
      try {
        await (this.loaded ? this.#fill(life) : this.#load(life));
        fruitless++;
      } catch (error) {
        wait = (error as RequestError).retryAfterMs ?? 0;
      }
      if (life.over) return;
      if (this.loaded && (!loaded || this.cursor.last > cursor.last)) attempt = fruitless = 0;
      else await life.sleep(Math.max(wait, fullJitter(attempt++, this.#hooks.random, 500, 10_000)));
      if (life.over) return;
    }
    this.#syncing = false;
    this.#hooks.changed({});
  }

  async #fill(life: Lifetime): Promise<void> {
    const { epoch, events, head } = await this.#api.events(life, this.cursor.last);
    // After a reset meanwhile this page belongs to nothing any more.
    if (this.loaded && !life.over) this.#take(compare(this.cursor, epoch, head), head);
    if (this.loaded && !life.over) this.#take(receive(this.cursor, epoch, events));
  }

  async #load(life: Lifetime): Promise<void> {
    try {
      const { epoch, head, messages, nextBefore } = await this.#api.history(life);
      if (life.over) return;
      this.cursor = at(epoch, head);
      this.feed = mergePage(emptyFeed, messages);
      this.#nextBefore = nextBefore;
      this.loaded = true;
      this.failing = false;
      this.#hooks.changed({ shown: idsOf(messages) });
      for (const again of this.#early.splice(0)) again();
    } catch (error) {
      this.failing = !life.over;
      this.#hooks.changed({});
      throw error;
    }
  }

  #reset(): void {
    this.feed = emptyFeed;
    this.cursor = start;
    this.#head = 0;
    this.#nextBefore = null;
    this.loaded = this.loadingOlder = false;
    this.#hooks.changed({ reset: true });
    this.#hold();
  }
}

function idsOf(shown: readonly { id: EventId }[]): EventId[] {
  return shown.map(({ id }) => id);
}

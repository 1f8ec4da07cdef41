import { at, type Cursor, compare, receive, type Step, start } from '../../src/domain/cursor.ts';
import { emptyFeed, evolve, type Feed, mergePage } from '../../src/domain/feed.ts';
import type { EventId, Message, SequencedEvent } from '../../src/domain/schema.generated.ts';
import { type Api, HttpError } from './api.ts';
import { fullJitter } from './backoff.ts';
import type { Lifetime } from './lifetime.ts';

/**
 * Posts to one connection may overtake each other, and a pong the events it speaks of: what is missing usually comes by
 * itself within this time. The jitter keeps readers that missed the same frame from asking in the same instant.
 */
const HOLD_MS = 150;
/** Further behind than this, the newest page is both cheaper and what a person wants to see. */
const TOO_FAR = 2_000;
/** Answers in a row that bring nothing new before the place is given up: about half a minute. */
const MAX_FRUITLESS = 7;

interface Hooks {
  /** `shown`: ids that are in the feed now. */
  changed: (change: { arrived?: readonly SequencedEvent[]; shown?: readonly EventId[]; reset?: boolean }) => void;
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
  /** The one load or fill under way; another object here means it is no longer wanted. */
  #task: object | undefined;
  readonly #api: Api;
  readonly #hooks: Hooks;

  constructor(api: Api, hooks: Hooks) {
    this.#api = api;
    this.#hooks = hooks;
  }

  get behind(): boolean {
    return this.#head > this.cursor.last || this.cursor.held.length > 0;
  }

  get filling(): boolean {
    return this.loaded && this.#task !== undefined;
  }

  get hasOlder(): boolean {
    return this.#nextBefore !== null;
  }

  /** Loads the first page, where there is none yet. */
  open(life: Lifetime): void {
    if (this.#life === life) return;
    this.#life = life;
    if (!this.loaded) void this.#load();
    else if (this.behind) this.#hold();
  }

  close(): void {
    this.#life = undefined;
    this.#task = undefined;
    this.#holding = false;
    this.loadingOlder = false;
  }

  receive(epoch: string, events: readonly SequencedEvent[]): void {
    if (this.loaded) this.#take(receive(this.cursor, epoch, events));
    else this.#early.push(() => this.receive(epoch, events));
  }

  /** @param head the room's head as a pong tells it */
  compare(epoch: string, head: number): void {
    if (this.loaded) this.#take(compare(this.cursor, epoch, head), head);
    else this.#early.push(() => this.compare(epoch, head));
  }

  /** Asks over HTTP, once: the way to read on where no socket can be had. */
  poll(): void {
    if (this.loaded && !this.#task) void this.#fill(true);
  }

  async loadOlder(): Promise<void> {
    const [life, before] = [this.#life, this.#nextBefore];
    if (!life || before === null || this.loadingOlder || !this.loaded) return;
    this.loadingOlder = true;
    this.#hooks.changed({});
    const page = await this.#api.history(life, before).catch(() => undefined);
    // A reset or close meanwhile: this page belongs to nothing any more.
    if (this.#life !== life || this.#nextBefore !== before || !this.loaded) return;
    this.loadingOlder = false;
    if (!page) return this.#hooks.changed({});
    const step = compare(this.cursor, page.epoch, page.head);
    if (step.kind === 'reset') return this.#reset();
    this.#nextBefore = page.nextBefore;
    this.feed = mergePage(this.feed, page.messages);
    this.#take(step, page.head, page.messages);
  }

  #take(step: Step, head = 0, messages: readonly Message[] = []): void {
    if (step.kind === 'reset') {
      this.#reset();
      return;
    }
    this.cursor = step.cursor;
    this.#head = Math.max(this.#head, head);
    this.feed = step.events.reduce(evolve, this.feed);
    if (this.behind) this.#hold();
    this.#hooks.changed({ arrived: step.events, shown: [...step.events, ...messages].map(({ id }) => id) });
  }

  #hold(): void {
    if (this.#holding || this.#task) return;
    const life = this.#life;
    this.#holding = true;
    life?.after(HOLD_MS * (1 + this.#hooks.random()), () => {
      this.#holding = false;
      if (this.behind && this.loaded && !this.#task) void this.#fill();
    });
  }

  async #fill(once = false): Promise<void> {
    const life = this.#life;
    if (!life) return;
    const task = {};
    this.#task = task;
    if (!once) this.#hooks.changed({});
    let fruitless = 0;
    for (let attempt = 0; once || this.behind; ) {
      const { last } = this.cursor;
      if (this.#head - last > TOO_FAR || fruitless > MAX_FRUITLESS) return this.#reset();
      let wait = 0;
      try {
        const page = await this.#api.events(life, last);
        if (this.#task !== task) return;
        this.#take(compare(this.cursor, page.epoch, page.head), page.head);
        if (this.#task === task) this.#take(receive(this.cursor, page.epoch, page.events));
        fruitless++;
      } catch (error) {
        wait = retryAfter(error);
      }
      if (this.#task !== task) return;
      if (this.cursor.last > last) attempt = fruitless = 0;
      else if (!once) await life.sleep(Math.max(wait, fullJitter(attempt++, this.#hooks.random, 500, 10_000)));
      if (this.#task !== task) return;
      once = false;
    }
    this.#task = undefined;
    this.#hooks.changed({});
  }

  #reset(): void {
    this.feed = emptyFeed;
    this.cursor = start;
    this.#head = 0;
    this.#nextBefore = null;
    this.loaded = this.loadingOlder = false;
    // Marked before telling: a listener may look, or close.
    this.#task = undefined;
    this.#hooks.changed({ reset: true });
    // Everyone in the room learns of it together; not everyone needs to ask in the same instant.
    void this.#load(this.#hooks.random() * 500);
  }

  async #load(delay = 0): Promise<void> {
    const life = this.#life;
    if (!life) return;
    const task = {};
    this.#task = task;
    if (delay) await life.sleep(delay);
    for (let attempt = 0; this.#task === task; attempt++) {
      let wait = 0;
      try {
        const page = await this.#api.history(life);
        if (this.#task !== task) return;
        this.#task = undefined;
        this.failing = false;
        this.loaded = true;
        this.cursor = at(page.epoch, page.head);
        this.#nextBefore = page.nextBefore;
        this.feed = mergePage(emptyFeed, page.messages);
        this.#hooks.changed({ shown: page.messages.map(({ id }) => id) });
        for (const again of this.#early.splice(0)) again();
        return;
      } catch (error) {
        wait = retryAfter(error);
      }
      if (this.#task !== task) return;
      this.failing = true;
      this.#hooks.changed({});
      await life.sleep(Math.max(wait, fullJitter(attempt, this.#hooks.random)));
    }
  }
}

function retryAfter(error: unknown): number {
  return error instanceof HttpError ? error.retryAfterMs : 0;
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Message } from '../../../src/domain/schema.generated.ts';

/** Number of rows at the start, and of rows that are added at a time. */
const STEP = 60;
/**
 * Maximum number of rows in the DOM. Outgoing messages do not count. With 10,000 rows, each new message would cost tens
 * of milliseconds.
 */
export const MAX_ROWS = 600;
/** If an end of the feed is nearer than this, in pixels, more rows are added at that end. */
const NEAR = 400;

type Reason = 'paused' | 'scrolled' | 'hovered' | 'focused';

/**
 * Decides which messages are in the DOM, and whether new ones may push them down. Someone who has scrolled, points at
 * the feed, has the focus in it or has paused it counts as reading. While someone reads, the feed is held: new messages
 * wait behind a button (WCAG 2.2.2).
 */
export class Viewport implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #reasons = new Set<Reason>();
  /** `seq` of the newest message to show while the feed is held; undefined while new messages appear at once. */
  #heldAt: number | undefined;
  #newestShown: number | undefined;
  /** Number of messages that are newer than the first row in the DOM, without those that wait behind the button. */
  #skip = 0;
  /** Maximum number of rows in the DOM at present, at most `MAX_ROWS`. */
  #size = STEP;
  /** Number of loaded messages that do not wait. */
  #total = 0;
  /** Whether `#skip` was above 0 at the last `select`. It may have changed since. */
  #windowed = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    const paused = this.#reasons.has('paused');
    this.#reasons.clear();
    if (paused) this.#reasons.add('paused');
  }

  get paused(): boolean {
    return this.#reasons.has('paused');
  }

  /** Whether the last `select` left out newer messages, besides those that wait behind the button. */
  get windowed(): boolean {
    return this.#windowed;
  }

  /** `seq` of the newest message that does not wait. */
  get newestShown(): number | undefined {
    return this.#newestShown;
  }

  /** Adds or removes one reason to hold the feed. */
  hold(reason: Reason, on: boolean): void {
    if (this.#reasons.has(reason) === on) return;
    if (on) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    this.#host.requestUpdate();
  }

  /**
   * Shows the waiting messages, even while someone reads. If a reason to hold the feed remains, the feed is then held
   * at the newest message.
   */
  release(): void {
    this.#heldAt = undefined;
    this.#newestShown = undefined;
    this.#skip = 0;
    this.#size = STEP;
    this.#host.requestUpdate();
  }

  /**
   * Shows messages up to this `seq`, even while someone reads. Called for the user's own messages, which were visible
   * while being sent.
   */
  admit(seq: number): void {
    if (this.#heldAt !== undefined) this.#heldAt = Math.max(this.#heldAt, seq);
  }

  /** Starts over with another feed, after the room or the numbering has changed. */
  reset(): void {
    this.#reasons.delete('scrolled');
    this.release();
  }

  /**
   * Returns the messages to render now, the messages that wait, and the index of the first rendered message.
   * @param messages newest first
   */
  select(messages: readonly Message[]): { rows: readonly Message[]; waiting: readonly Message[]; offset: number } {
    if (this.#reasons.size === 0) this.#heldAt = undefined;
    else this.#heldAt ??= this.#newestShown;
    const heldAt = this.#heldAt ?? Number.POSITIVE_INFINITY;
    let first = messages.findIndex(({ seq }) => seq <= heldAt);
    if (first < 0) first = messages.length;
    this.#total = messages.length - first;
    this.#skip = Math.min(this.#skip, Math.max(0, this.#total - 1));
    this.#newestShown = messages[first]?.seq ?? this.#newestShown;
    if (this.#reasons.size > 0) this.#heldAt ??= this.#newestShown;
    const offset = first + this.#skip;
    this.#windowed = this.#skip > 0;
    return { rows: messages.slice(offset, offset + this.#size), waiting: messages.slice(0, first), offset };
  }

  /**
   * Follows the scroll position. Holds the feed unless it is scrolled to its top, and adds rows to the DOM at an end
   * that is near.
   * @returns `true` if older messages should be loaded, because the end of the loaded messages is near
   */
  scrolled({ scrollTop, clientHeight, scrollHeight }: Element): boolean {
    this.hold('scrolled', scrollTop > 8 || this.#skip > 0);
    if (scrollTop < NEAR && this.#skip > 0) {
      this.#skip = Math.max(0, this.#skip - STEP);
      this.#host.requestUpdate();
    }
    return scrollTop > 8 && scrollHeight - scrollTop - clientHeight < NEAR && !this.grow();
  }

  /**
   * Adds loaded older rows to the DOM. Removes the newest rows if the DOM would otherwise hold more than `MAX_ROWS`.
   * @returns false if no loaded older rows are left to add
   */
  grow(): boolean {
    if (this.#skip + this.#size >= this.#total) return false;
    this.#size += STEP;
    const excess = Math.max(0, this.#size - MAX_ROWS);
    this.#skip += excess;
    this.#size -= excess;
    this.#host.requestUpdate();
    return true;
  }
}

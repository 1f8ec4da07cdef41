const SETTLE_MS = 1_000;
/** Distance in pixels that a mouse or pen must have moved. A hand that clicks repeatedly on one spot moves less. */
const MOVED = 16;

type Press = Pick<KeyboardEvent, 'key' | 'repeat' | 'isTrusted'>;
type Down = Pick<PointerEvent, 'pointerType' | 'isTrusted'>;
type Move = Pick<PointerEvent, 'screenX' | 'screenY' | 'pointerType' | 'isTrusted'>;
type Click = Pick<PointerEvent, 'pointerType' | 'detail' | 'isTrusted'>;

/**
 * Decides whether a click on "Continue" is meant.
 *
 * Another page can open this window while the person taps, holds a key or types. The person would then consent
 * without having read the question. Therefore:
 * - For one second after the window has become visible or has got the focus, nothing counts. This waiting time starts
 *   again when a click does not count, and with every press of a key or pointer.
 * - A key that the person already held when the window opened does not count.
 * - A mouse or pen must also have moved in this window. A finger need not, because it does not move before it taps.
 * - Assistive technology clicks without key and pointer. Such a click counts after the waiting time.
 * - An event that a script makes never counts.
 */
export class ConsentGate {
  readonly #now: () => number;
  #from = Number.POSITIVE_INFINITY;
  /** Whether the last press of Enter or Space counts; undefined if there was none since the last click. */
  #fresh: boolean | undefined;
  /** Type of the pointer that was pressed last; undefined if its press does not count or was before the last click. */
  #pressed: string | undefined;
  #start: Move | undefined;
  #moved = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts the waiting time. Called when the window becomes visible or gets the focus. */
  shown(): void {
    this.#from = this.#now() + SETTLE_MS;
  }

  keydown({ key, repeat, isTrusted }: Press): void {
    // A repetition does not change whether the press counts, because a held Space clicks only when it is let go. If the
    // window did not see the press, the key was already held, and does not count.
    if (key === 'Enter' || key === ' ') this.#fresh = repeat ? (this.#fresh ?? false) : isTrusted && this.open;
    this.#restart();
  }

  pointerdown({ pointerType, isTrusted }: Down): void {
    this.#pressed = isTrusted && this.open ? pointerType : undefined;
    this.#restart();
  }

  pointermove({ screenX, screenY, pointerType, isTrusted }: Move): void {
    if (!isTrusted || pointerType === 'touch') return;
    this.#start ??= { screenX, screenY, pointerType, isTrusted };
    const { screenX: x, screenY: y } = this.#start;
    this.#moved ||= Math.hypot(screenX - x, screenY - y) >= MOVED;
  }

  /** @returns whether the click counts */
  click({ pointerType, detail, isTrusted }: Click): boolean {
    // A click by a key or by assistive technology has no pointer (UI Events, section "click").
    const ofPointer = Boolean(pointerType) || detail > 0;
    // Uses the pointer type of the press, because in Safari before 18.4 a tap's click has the type "mouse" or none.
    const pressed = this.#pressed !== undefined && (this.#moved || this.#pressed === 'touch');
    const counts = isTrusted && (ofPointer ? pressed : (this.#fresh ?? this.open));
    this.#fresh = undefined;
    this.#pressed = undefined;
    if (!counts) this.#restart();
    return counts;
  }

  #restart(): void {
    if (this.#from < Number.POSITIVE_INFINITY) this.shown();
  }

  /** Whether the waiting time is over. */
  get open(): boolean {
    return this.#now() >= this.#from;
  }
}

const SETTLE_MS = 1_000;
/** How far a mouse must have moved, in pixels. Repeated clicks on one spot move it by a few. */
const MOVED = 16;

type Press = Pick<KeyboardEvent, 'key' | 'repeat' | 'isTrusted'>;
type Down = Pick<PointerEvent, 'isTrusted'>;
type Move = Pick<PointerEvent, 'screenX' | 'screenY' | 'pointerType' | 'isTrusted'>;
type Click = Pick<PointerEvent, 'pointerType' | 'detail' | 'isTrusted'>;

/**
 * Decides whether a click on "Continue" is meant.
 *
 * Another page can open this window under a moving finger, a held key or somebody who types. So nothing counts in the
 * first second in which the window is visible, and every key, every press of a pointer and every click that does not count
 * restart that second. A key press counts if it is no repetition and nothing was pressed in the second before it. A click
 * of assistive technology has no pointer and is treated as a key press. A mouse click also needs a mouse that has moved in
 * this window. A tap does not, because a finger does not move before it taps.
 */
export class ConsentGate {
  readonly #now: () => number;
  #from = Number.POSITIVE_INFINITY;
  /** Whether the last press of Enter or Space counts; undefined if there was none. */
  #fresh: boolean | undefined;
  /** Whether the last press of a pointer counts. */
  #pressed = false;
  #start: Move | undefined;
  #moved = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts the second. Called when the window becomes visible. */
  shown(): void {
    this.#from = this.#now() + SETTLE_MS;
  }

  keydown({ key, repeat, isTrusted }: Press): void {
    if (key === 'Enter' || key === ' ') this.#fresh = isTrusted && !repeat && this.open;
    this.#restart();
  }

  pointerdown({ isTrusted }: Down): void {
    this.#pressed = isTrusted && this.open;
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
    // A key's click and assistive technology's have no pointer (UI Events, section "click").
    const ofPointer = Boolean(pointerType) || detail > 0;
    const meant = ofPointer ? this.#pressed && (this.#moved || pointerType === 'touch') : (this.#fresh ?? this.open);
    const counts = isTrusted && meant;
    this.#fresh = undefined;
    this.#pressed = false;
    if (!counts) this.#restart();
    return counts;
  }

  #restart(): void {
    if (this.#from < Number.POSITIVE_INFINITY) this.shown();
  }

  /** Whether the second is over. */
  get open(): boolean {
    return this.#now() >= this.#from;
  }
}

const SETTLE_MS = 1_000;
/** Pixels. Repeated clicks on one spot move the pointer by a few. */
const MOVED = 16;

type Press = Pick<KeyboardEvent, 'key' | 'repeat' | 'isTrusted'>;
type Move = Pick<PointerEvent, 'screenX' | 'screenY' | 'pointerType' | 'isTrusted'>;
type Click = Pick<PointerEvent, 'pointerType' | 'detail' | 'isTrusted'>;

/**
 * Decides whether a click on "Continue" is meant.
 *
 * Another page can open this window under a moving finger, a held key or somebody who types. So nothing counts in the
 * first second in which the window is visible, and every key restarts that second. A key press counts if no other key was
 * pressed in the second before it and it is no repetition. A click of assistive technology has no pointer and is treated
 * as a key press. A mouse click counts after the mouse has moved in this window. A tap counts if nothing was pressed in
 * the second before, because a finger does not move before it taps. A click that does not count restarts the second, too.
 */
export class ConsentGate {
  readonly #now: () => number;
  #from = Number.POSITIVE_INFINITY;
  /** Whether the last press of Enter or Space counts; undefined if there was none. */
  #fresh: boolean | undefined;
  #start: Move | undefined;
  #moved = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The window has come into sight: the second starts. */
  shown(): void {
    this.#from = this.#now() + SETTLE_MS;
  }

  keydown({ key, repeat, isTrusted }: Press): void {
    if (key === 'Enter' || key === ' ') this.#fresh = isTrusted && !repeat && this.open;
    if (this.#from < Number.POSITIVE_INFINITY) this.shown();
  }

  pointermove({ screenX, screenY, pointerType, isTrusted }: Move): void {
    if (!isTrusted || pointerType === 'touch') return;
    this.#start ??= { screenX, screenY, pointerType, isTrusted };
    const { screenX: x, screenY: y } = this.#start;
    this.#moved ||= Math.hypot(screenX - x, screenY - y) >= MOVED;
  }

  /** @returns whether it counts */
  click({ pointerType, detail, isTrusted }: Click): boolean {
    // A key's click and assistive technology's have no pointer (UI Events, section "click").
    const ofPointer = Boolean(pointerType) || detail > 0;
    const meant = ofPointer ? this.open && (this.#moved || pointerType === 'touch') : (this.#fresh ?? this.open);
    const counts = isTrusted && meant;
    if (!ofPointer) this.#fresh = undefined;
    if (!counts) this.shown();
    return counts;
  }

  /** Whether the second is over. */
  get open(): boolean {
    return this.#now() >= this.#from;
  }
}

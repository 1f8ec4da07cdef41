/**
 * Keeps the visible rows in place when rows above them come, go or change height. Browsers with scroll anchoring do
 * this themselves, except at the very top. Released versions of Safari have no scroll anchoring.
 */
export class Anchor {
  #row: Element | undefined;
  #top = 0;

  /**
   * Remembers the first visible row. Call it before an update.
   * @param more whether newer rows above the first row are left out of the DOM. When they come back, they must not
   *   push the visible rows down, so the row is remembered even at the very top
   */
  take(scroller: Element | null, feed: Element | null, more: boolean): void {
    this.#row = undefined;
    if (!scroller || !feed) return;
    // Below 0 while Safari bounces at the top.
    if (scroller.scrollTop <= 0 ? !more : CSS.supports('overflow-anchor', 'auto')) return;
    const edge = scroller.getBoundingClientRect().top;
    this.#row = [...feed.children].find((row) => row.getBoundingClientRect().bottom > edge);
    this.#top = this.#row?.getBoundingClientRect().top ?? 0;
  }

  /** Scrolls by as much as the remembered row has moved. Call it after the update. */
  restore(scroller: Element | null): void {
    if (!scroller || !this.#row?.isConnected) return;
    scroller.scrollTop += this.#row.getBoundingClientRect().top - this.#top;
  }
}

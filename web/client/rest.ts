import type { Lifetime } from './lifetime.ts';

/**
 * Time after which a client disconnects if nobody looks at its page. People usually come back to a tab within minutes.
 * If they stay away longer, an open socket costs more than connecting again.
 */
const UNWATCHED_MS = 5 * 60_000;

interface Hooks {
  /** Whether somebody may be looking at the page. */
  watched: () => boolean;
  /** Whether the client still has something to send. If so, the wait starts again instead of ending in `rest`. */
  busy: () => boolean;
  rest: () => void;
}

/** Disconnects a client that nobody has looked at for a while. */
export class Rest {
  #cancel: (() => void) | undefined;
  readonly #hooks: Hooks;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  /** Starts the wait, or stops it if `watched`. Call it whenever the result of `watched` may have changed. */
  watch(life: Lifetime | undefined): void {
    const { watched, busy, rest } = this.#hooks;
    if (watched()) this.stop();
    else
      this.#cancel ??= life?.after(UNWATCHED_MS, () => {
        this.stop();
        if (busy()) this.watch(life);
        else rest();
      });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

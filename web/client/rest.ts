import type { Lifetime } from './lifetime.ts';

/**
 * Time after which a client disconnects if nobody looks at it. People usually come back to a tab within minutes. After
 * that, an open socket costs more than connecting again.
 */
const UNWATCHED_MS = 5 * 60_000;

interface Hooks {
  /** Whether somebody may be looking. */
  watched: () => boolean;
  /** Whether something is still to be sent. Meanwhile the client does not disconnect. */
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

  /** Starts or stops the wait. Call it whenever the result of `watched` may have changed. */
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

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Renders again every second until a wait is over. */
export class Countdown implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Returns the seconds until `time` (ms since 1970), rounded up; 0 if `time` has passed or is undefined. */
  until(time: number | undefined): number {
    const seconds = Math.max(0, Math.ceil(((time ?? 0) - Date.now()) / 1_000));
    if (seconds > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#host.requestUpdate();
      }, 1_000);
    }
    return seconds;
  }
}

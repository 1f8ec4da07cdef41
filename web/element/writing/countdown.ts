import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Renders again every second until a wait is over. */
export class Countdown implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connected = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#connected = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Returns the seconds until `time` (ms since 1970), rounded up; 0 if `time` has passed or is undefined. */
  until(time: number | undefined): number {
    const seconds = Math.max(0, Math.ceil(((time ?? 0) - Date.now()) / 1_000));
    // Not in a box that was removed: it renders once more when its client closes, and must not start a timer.
    if (seconds > 0 && this.#connected) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#host.requestUpdate();
      }, 1_000);
    }
    return seconds;
  }
}

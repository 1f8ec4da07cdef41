import type { ReactiveController, ReactiveControllerHost } from 'lit';

const PERIOD_MS = 15_000;

/** Renders the box again every 15 s while it is in a visible page, because it shows relative times. */
export class Clock implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#timer = setInterval(() => document.hidden || this.#host.requestUpdate(), PERIOD_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }
}

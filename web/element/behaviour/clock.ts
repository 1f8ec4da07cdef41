import type { ReactiveController, ReactiveControllerHost } from 'lit';

const PERIOD = 15_000;
const hosts = new Set<ReactiveControllerHost>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for the relative times of every box on the page; none while there is no box. */
export class Clock implements ReactiveController {
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    hosts.add(this.#host);
    timer ??= setInterval(tick, PERIOD);
  }

  hostDisconnected(): void {
    hosts.delete(this.#host);
    if (hosts.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }
}

function tick(): void {
  if (document.hidden) return;
  for (const host of hosts) host.requestUpdate();
}

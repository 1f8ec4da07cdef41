import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Knows whether the box can be seen: the page is visible, and the box is neither hidden nor scrolled out of view. */
export class InSight implements ReactiveController {
  #intersects = true;
  readonly #host: ReactiveControllerHost & Element;
  readonly #observer = new IntersectionObserver(([entry]) => {
    this.#intersects = entry!.isIntersecting;
    this.#host.requestUpdate();
  });

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get value(): boolean {
    return this.#intersects && !document.hidden;
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }
}

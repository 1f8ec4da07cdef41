import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Change, Client, Snapshot } from '../client.ts';

/**
 * Events of the page and the network. On `pagehide` the client closes, because the back/forward cache takes no page
 * with an open socket. On `pageshow` it opens again. On the other events it checks its connection.
 */
const lifeSigns = ['pagehide', 'pageshow', 'online', 'offline', 'visibilitychange'];

/** Events that show that somebody uses the page. */
const uses = ['visibilitychange', 'focus', 'pointerdown', 'keydown'];

interface Host extends ReactiveControllerHost {
  readonly isConnected: boolean;
}

/** The room that the box is in. Its client is open while the box is in the page and the page has not been left. */
export class Room implements ReactiveController {
  readonly #host: Host;
  readonly #changed: (change: Change, before: Snapshot) => void;
  readonly #looked: (shown: boolean) => void;
  #unsubscribe: (() => void) | undefined;
  client: Client | undefined;
  /** Set as soon as there is a client. */
  snapshot!: Snapshot;

  /**
   * @param changed called after each change of the client; `before` is the snapshot before the change
   * @param looked called when the box is put into a visible page or taken out of its page, and on the events in
   *   `lifeSigns`; `shown` is `true` if the box is in a visible page
   */
  constructor(host: Host, changed: (change: Change, before: Snapshot) => void, looked: (shown: boolean) => void) {
    this.#host = host;
    this.#changed = changed;
    this.#looked = looked;
    host.addController(this);
  }

  hostConnected(): void {
    for (const type of lifeSigns) window.addEventListener(type, this.#lifeSign);
    for (const type of uses) window.addEventListener(type, this.#use, true);
    if (!document.hidden) this.#looked(true);
    this.client?.open();
  }

  hostDisconnected(): void {
    for (const type of lifeSigns) window.removeEventListener(type, this.#lifeSign);
    for (const type of uses) window.removeEventListener(type, this.#use, true);
    this.#looked(false);
    // Waits for a microtask, because a move within the page removes the element and at once inserts it again. That is
    // no reason to reconnect.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.client?.close();
    });
  }

  /** Leaves the room that the box was in, and enters the room of this client. */
  enter(client: Client): void {
    this.#unsubscribe?.();
    this.client?.close();
    this.client = client;
    if (this.#host.isConnected) client.open();
    // Reads the snapshot only after calling `open`, so that its `connection` is `connecting` and not `closed`.
    this.snapshot = client.snapshot;
    this.#unsubscribe = client.subscribe((change) => {
      const before = this.snapshot;
      this.snapshot = change.snapshot;
      this.#changed(change, before);
      this.#host.requestUpdate();
    });
  }

  readonly #use = (): void => {
    if (!document.hidden) this.client?.use();
  };

  readonly #lifeSign = ({ type }: Event): void => {
    this.#looked(type !== 'pagehide' && !document.hidden);
    if (type === 'pagehide') this.client?.close();
    else if (type === 'pageshow') this.client?.open();
    else this.client?.wake();
    this.#host.requestUpdate();
  };
}

import type { TemplateResult } from 'lit';
import type { Actor } from '../../../src/domain/schema.generated.ts';
import type { ShoutBoxEvents } from '../events.ts';
import type { Announcer } from './announcer.ts';

/** Dispatches events to the page, and keeps the last problem for the box to show. */
export class Reporter {
  /** The last problem, in words for the person. The box clears it when the person signs in, signs out or posts. */
  problem: string | TemplateResult | undefined;
  #lastState = '';
  #lastUser: string | undefined;
  readonly #host: HTMLElement;
  readonly #announcer: Announcer;

  constructor(host: HTMLElement, announcer: Announcer) {
    this.#host = host;
    this.#announcer = announcer;
  }

  /** Dispatches an event. @returns false if a listener called `preventDefault` */
  tell<T extends keyof ShoutBoxEvents>(type: T, detail: ShoutBoxEvents[T]['detail'], cancelable = false): boolean {
    return this.#host.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }

  /** Dispatches `shout-state` if its detail has changed. */
  state(detail: ShoutBoxEvents['shout-state']['detail']): void {
    const state = JSON.stringify(detail);
    if (state === this.#lastState) return;
    this.#lastState = state;
    this.tell('shout-state', detail);
  }

  /** Dispatches `shout-auth` if the id of `user` has changed. */
  auth(user: Actor | undefined): void {
    if (user?.id === this.#lastUser) return;
    this.#lastUser = user?.id;
    this.tell('shout-auth', { user });
  }

  /** Reports a failure to the page and to the person. @param message for developers @param said for the person */
  fail(code: string, message: string, said: string): void {
    this.problem = said;
    this.#announcer.say(said);
    this.tell('shout-error', { code, message });
  }

  /** Reports to the page that an attempt to fetch a file of the box failed. */
  readonly unavailable = ({ message }: Error): void => void this.tell('shout-error', { code: 'unavailable', message });

  /** Reports something that the author of the page can mend. */
  readonly misconfigured = (message: string): void => {
    console.error(`<shout-box>: ${message}`);
    this.tell('shout-error', { code: 'misconfigured', message });
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Driver, type ElementReference, WebDriverError } from './driver.ts';
import { injectedScript } from './selectors.ts';

const LOOK_AGAIN_MS = 50;
const ANSWER_AGAIN_MS = 10;
const PATIENCE_MS = 30_000;

/** The part of Playwright's injected script that is used here. */
export interface Found {
  parseSelector(selector: string): object;
  querySelectorAll(selector: object, root: Node): Element[];
  strictModeViolationError(selector: object, elements: readonly Element[]): Error;
  checkElementStates(element: Element, states: readonly string[], frameVisible: boolean): Promise<unknown>;
  elementState(element: Element, state: string, frameVisible: boolean): { matches: boolean };
  expectHitTarget(point: { x: number; y: number }, element: Element): 'done' | { hitTargetDescription: string };
  focusNode(element: Element): unknown;
  fill(element: Element, text: string): unknown;
  selectOptions(element: Element, options: readonly { valueOrLabel: string }[]): unknown;
}

/**
 * What a script returned, as JSON, or its error. `url` is the address of the document in which the script ran. `top` is
 * true if that is the page's top document.
 */
type Answer = { json: string; url: string; top: boolean } | { error: string };

/** Thrown while something is not ready yet, so that {@link Scope.until} tries again. */
export class NotYet extends Error {}

/** Error codes after which an attempt may succeed later. Most come up while a document is replaced by the next one. */
const PASSING = new Set([
  'no such frame',
  'no such element',
  'stale element reference',
  'javascript error',
  'unknown error',
  'script timeout',
  // The page moved the element out of view after it was found.
  'move target out of bounds',
]);

/**
 * Returns whether a later attempt may succeed. Checks the message, too: while a document is replaced by the next one,
 * WebKit's error code depends on its version (such as `no such window`), but the message is always the same.
 */
const passes = (error: unknown): error is Error =>
  error instanceof NotYet ||
  (error instanceof WebDriverError &&
    (PASSING.has(error.code) || error.message.includes('Callback was not called before the unload event')));

/** The document of a window, or of a frame in it. */
export class Scope {
  readonly driver: Driver;
  readonly window: string;
  /** Selectors of the frames around the document, outermost first. */
  readonly #frames: readonly string[];
  readonly #onAddress: (url: string) => void;

  constructor(driver: Driver, window: string, onAddress: (url: string) => void, frames: readonly string[] = []) {
    this.driver = driver;
    this.window = window;
    this.#frames = frames;
    this.#onAddress = onAddress;
  }

  get isFrame(): boolean {
    return this.#frames.length > 0;
  }

  within(frame: string): Scope {
    return new Scope(this.driver, this.window, this.#onAddress, [...this.#frames, frame]);
  }

  /** Selects this document and runs WebDriver commands in it. */
  enter<T>(work: () => Promise<T>): Promise<T> {
    return this.driver.inTurn(async () => {
      await this.driver.post('/window', { handle: this.window });
      await this.driver.post('/frame', { id: null });
      for (const selector of this.#frames) {
        const frame = await this.#script<ElementReference | null>(
          (found: Found, wanted: string) => found.querySelectorAll(found.parseSelector(wanted), document)[0] ?? null,
          selector,
        );
        if (!frame) throw new NotYet(`There is no frame ${selector}.`);
        await this.driver.post('/frame', { id: frame });
      }
      return work();
    });
  }

  /** Enters the document, calls `script(found, argument)` and returns the result, by value. */
  evaluate<T>(script: string, argument?: unknown): Promise<T> {
    return this.enter(() => this.value<T>(script, argument));
  }

  /**
   * Does the same as {@link evaluate}, but for use inside {@link enter}. If the script returns a promise, polls for its
   * result. A command that waited for the promise could block the session for ever: WebKit never answers it if a
   * document in another process meanwhile replaces the script's document (as with `Cross-Origin-Opener-Policy`).
   */
  async value<T>(script: string, argument?: unknown): Promise<T> {
    let answer = await this.#run<Answer | null>(
      `const later = window.__later = { answer: null };
      const answer = (value) => ({ json: JSON.stringify({ value }), url: location.href, top: self === top });
      const value = (${script})(found, argument);
      if (typeof value?.then !== 'function') return answer(value);
      value.then((value) => { later.answer = answer(value); }, (error) => { later.answer = { error: String(error) }; });
      return new Promise((resolve) => setTimeout(() => resolve(later.answer)));`,
      argument,
    );
    while (answer === null) {
      await sleep(ANSWER_AGAIN_MS);
      const later = await this.driver.post<{ answer: Answer | null } | null>('/execute/sync', {
        script: 'return window.__later ?? null;',
        args: [],
      });
      if (!later) throw new NotYet('its document was replaced');
      answer = later.answer;
    }
    if ('error' in answer) throw new WebDriverError('javascript error', answer.error);
    if (answer.top) this.#onAddress(answer.url);
    return (JSON.parse(answer.json) as { value: T }).value;
  }

  /** Returns a reference to the element that `script` returns. Use it inside {@link enter}. */
  element(script: string, argument?: unknown): Promise<ElementReference | null> {
    return this.#run(`return (${script})(found, argument);`, argument);
  }

  /** Repeats `work` while it fails because something is not ready yet, for at most `timeout` ms. */
  async until<T>(work: () => Promise<T>, what: string, timeout = PATIENCE_MS): Promise<T> {
    const deadline = performance.now() + timeout;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!passes(error)) throw error;
        if (performance.now() >= deadline) throw new Error(`After ${timeout} ms, ${what}: ${error.message}`);
        await sleep(LOOK_AGAIN_MS);
      }
    }
  }

  #script<T>(script: (found: Found, argument: string) => unknown, argument: string): Promise<T> {
    return this.#run<T>(`return (${script})(found, argument);`, argument);
  }

  async #run<T>(body: string, argument: unknown): Promise<T> {
    const script = `const [argument] = arguments; const found = window.__found; if (!found) return '__missing'; ${body}`;
    const args = [argument ?? null];
    const result = await this.driver.post<T | '__missing'>('/execute/sync', { script, args });
    if (result !== '__missing') return result as T;
    await this.driver.post('/execute/sync', { script: injectedScript, args: [] });
    return this.#run(body, argument);
  }
}

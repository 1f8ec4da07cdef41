import { setTimeout as sleep } from 'node:timers/promises';
import type { Events, WebKitContext } from './context.ts';
import { input } from './input.ts';
import { WebKitLocator } from './locator.ts';
import type { Handler } from './proxy.ts';
import { NotYet, type Scope } from './scope.ts';
import { type ByRole, selectors } from './selectors.ts';

type Script<A, R> = string | ((argument: A) => R | Promise<R>);

const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 30_000;

/** Finds elements in the document of a page or a frame. */
export class WebKitFrame {
  readonly #scope: () => Scope;

  constructor(scope: () => Scope) {
    this.#scope = scope;
  }

  locator = (selector: string): WebKitLocator => new WebKitLocator(this.#scope(), selector);
  getByRole = (role: string, options?: ByRole): WebKitLocator => this.locator(selectors.role(role, options));
  getByText = (text: string | RegExp, { exact = false } = {}): WebKitLocator =>
    this.locator(selectors.text(text, exact));
  frameLocator = (selector: string): WebKitFrame => new WebKitFrame(() => this.#scope().within(selector));
}

/**
 * The part of Playwright's `Page` that the tests use. If a test made the page, its window opens at the first `goto`. If
 * another page opened the window, the window is open from the start.
 */
export class WebKitPage extends WebKitFrame {
  readonly #context: WebKitContext;
  #scope: Scope | undefined;
  #url = 'about:blank';

  /** @param window the handle of the window, if another page has opened it */
  constructor(context: WebKitContext, window?: string) {
    super(() => this.#opened());
    this.#context = context;
    if (window !== undefined) this.#scope = context.scopeOf(window, this.#setUrl);
  }

  context = (): WebKitContext => this.#context;
  url = (): string => this.#url;

  async goto(url: string): Promise<void> {
    this.#scope ??= this.#context.scopeOf(await this.#context.openWindow(this), this.#setUrl);
    const { driver } = this.#scope;
    await this.#scope.enter(() => driver.post('/url', { url }));
    this.#url = url;
  }

  reload = (): Promise<void> => {
    const scope = this.#opened();
    return scope.enter(() => scope.driver.post('/refresh'));
  };

  setContent = (html: string): Promise<void> =>
    this.evaluate((written: string) => {
      document.open();
      document.write(written);
      document.close();
    }, html);

  setViewportSize = (size: { width: number; height: number }): Promise<void> => {
    const scope = this.#opened();
    return scope.enter(() => scope.driver.post('/window/rect', size));
  };

  title = (): Promise<string> => this.evaluate(() => document.title);
  getAttribute = (selector: string, name: string): Promise<string | null> => this.locator(selector).getAttribute(name);

  evaluate<R, A = undefined>(script: Script<A, R>, argument?: A): Promise<R> {
    return this.#opened().evaluate(
      typeof script === 'string' ? `() => { ${script} }` : `(found, argument) => (${script})(argument)`,
      argument,
    );
  }

  async waitForFunction<A = undefined>(script: Script<A, unknown>, argument?: A): Promise<void> {
    const look = async () => {
      const isSo = await this.#opened().evaluate(
        `async (_, argument) => Boolean(await (${script})(argument))`,
        argument,
      );
      if (!isSo) throw new NotYet('it is not so');
    };
    await this.#opened().until(look, `waiting for ${script}`);
  }

  waitForTimeout = (ms: number): Promise<void> => sleep(ms);

  readonly keyboard = {
    press: (chord: string): Promise<void> => this.#input((driver) => input.press(driver, chord)),
    type: (text: string): Promise<void> => this.#input((driver) => input.type(driver, text)),
    down: (key: string): Promise<void> => this.#input((driver) => input.down(driver, key)),
    up: (key: string): Promise<void> => this.#input((driver) => input.up(driver, key)),
  };

  readonly mouse = {
    move: (x: number, y: number): Promise<void> => this.#input((driver) => input.move(driver, 'viewport', x, y)),
    down: (): Promise<void> => this.#input(input.hold),
    up: (): Promise<void> => this.#input(input.release),
    click: (x: number, y: number): Promise<void> => this.#input((driver) => input.click(driver, 'viewport', { x, y })),
  };

  addInitScript = async <A = undefined>(script: (argument: A) => void, argument?: A): Promise<void> =>
    this.#context.addInitScript(script, argument);
  route = async (pattern: string | RegExp, handler: Handler, options?: { times?: number }): Promise<void> =>
    this.#context.route(pattern, handler, options);
  on = <E extends keyof Events>(event: E, hear: (what: Events[E]) => void): void => this.#context.on(event, hear);

  /** Waits for the next window that a page opens (`popup`), or until this page's own window has closed (`close`). */
  async waitForEvent(event: 'popup' | 'close'): Promise<WebKitPage> {
    if (event === 'popup') return this.#context.waitForEvent('page');
    const deadline = performance.now() + PATIENCE_MS;
    const { window } = this.#opened();
    while ((await this.#context.windows()).includes(window)) {
      if (performance.now() >= deadline) throw new Error(`The window is still open after ${PATIENCE_MS} ms.`);
      await sleep(LOOK_AGAIN_MS);
    }
    this.#context.forget(window);
    return this;
  }

  /**
   * Always false, because a page does not notice that its window closes. Use `waitForEvent('close')` instead. It also
   * works if the window has closed before the call.
   */
  isClosed = (): boolean => false;

  async close(): Promise<void> {
    const scope = this.#scope;
    if (this.#context.endsWithPage) await this.#context.close();
    else if (scope) await this.#context.closeWindow(scope.window);
  }

  readonly #setUrl = (url: string): void => {
    this.#url = url;
  };

  #opened(): Scope {
    if (!this.#scope) throw new Error('The page has no address yet: WebKit opens its window with goto.');
    return this.#scope;
  }

  #input(act: (driver: Scope['driver']) => Promise<void>): Promise<void> {
    const scope = this.#opened();
    return scope.enter(() => act(scope.driver));
  }
}

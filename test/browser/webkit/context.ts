import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContextOptions } from 'playwright-core';
import { Driver } from './driver.ts';
import { WebKitPage } from './page.ts';
import { type Handler, type SeenAnswer, type SeenRequest, TrafficProxy } from './proxy.ts';
import { Scope } from './scope.ts';
import { type Told, tell } from './telling.ts';

const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 30_000;

/** The events that a test can listen to, each with the supported part of Playwright's type. */
export interface Events {
  request: SeenRequest;
  response: SeenAnswer;
  websocket: { url(): string };
  console: { type(): string; text(): string };
  pageerror: { message: string };
  dialog: never;
}

/**
 * The part of Playwright's `BrowserContext` that the tests use: a browser with its own data. The browser starts with
 * its first window. `addInitScript` works only before that.
 */
export class WebKitContext {
  /** Whether the context closes when a page is closed. */
  readonly endsWithPage: boolean;
  readonly #display: string;
  readonly #options: BrowserContextOptions;
  readonly #proxy: TrafficProxy;
  readonly #scripts: string[] = [`(${tell})()`];
  readonly #heard: { event: string; hear: (what: unknown) => void }[] = [];
  /** The known pages, by window handle. A window without a page only keeps the session alive. */
  readonly #windows = new Map<string, WebKitPage | undefined>();
  /** Number of open windows, as the browser reports it. */
  #open = 0;
  #driver: Promise<Driver> | undefined;
  #running: Driver | undefined;
  #closing: Promise<void> | undefined;

  private constructor(display: string, options: BrowserContextOptions, proxy: TrafficProxy, endsWithPage: boolean) {
    this.#display = display;
    this.#options = options;
    this.#proxy = proxy;
    this.endsWithPage = endsWithPage;
  }

  static async start(display: string, options: BrowserContextOptions, endsWithPage = false): Promise<WebKitContext> {
    return new WebKitContext(display, options, await TrafficProxy.start(), endsWithPage);
  }

  newPage = async (): Promise<WebKitPage> => new WebKitPage(this);

  async addInitScript<A>(script: (argument: A) => void, argument?: A): Promise<void> {
    if (this.#driver) throw new Error('Too late: WebKit takes scripts with its first window.');
    this.#scripts.push(`(${script})(${JSON.stringify(argument)})`);
  }

  async route(pattern: string | RegExp, handler: Handler, { times }: { times?: number } = {}): Promise<void> {
    this.#proxy.route(pattern, handler, times);
  }

  /** Listens to an event of all pages of the context. */
  on<E extends keyof Events>(event: E, hear: (what: Events[E]) => void): void {
    if (event === 'request') this.#proxy.onRequest.push(hear as (what: Events['request']) => void);
    else if (event === 'response') this.#proxy.onAnswer.push(hear as (what: Events['response']) => void);
    else if (event === 'websocket') this.#proxy.onWebSocket.push(hear as (what: Events['websocket']) => void);
    // WebDriver has no event for a dialog. A dialog makes the next command fail, which ends the test.
    else if (event === 'dialog') return;
    else if (event === 'console' || event === 'pageerror')
      this.#heard.push({ event, hear: hear as (what: unknown) => void });
    else throw new Error(`WebKitWebDriver tells nothing of ${event}.`);
  }

  /** Waits for the next window that a page opens by itself. */
  async waitForEvent(_event: 'page'): Promise<WebKitPage> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const opened = (await this.windows()).find((handle) => !this.#windows.has(handle));
      if (opened) {
        const page = new WebKitPage(this, opened);
        this.#windows.set(opened, page);
        return page;
      }
      if (performance.now() >= deadline) throw new Error(`No window opened in ${PATIENCE_MS} ms.`);
      await sleep(LOOK_AGAIN_MS);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await (await this.#driver)?.stop();
    await this.#proxy.stop();
  }

  /**
   * Returns the pages whose windows are open.
   *
   * @throws Error if a window opened or closed and the test did not wait for it
   */
  pages(): WebKitPage[] {
    if (this.#windows.size !== this.#open)
      throw new Error(`${this.#open} windows are open, and the test knows of ${this.#windows.size}.`);
    return [...this.#windows.values()].flatMap((page) => page ?? []);
  }

  /**
   * Opens a window. The first one starts the browser.
   *
   * @param page the page that the window is for, if any
   * @returns the handle of the window
   */
  async openWindow(page?: WebKitPage): Promise<string> {
    const isFirst = this.#driver === undefined;
    this.#driver ??= this.#start();
    const driver = await this.#driver;
    const handle = await driver.inTurn(async () => {
      if (isFirst) return driver.get<string>('/window');
      // The session's current window may have been closed, so this selects one that is open.
      const [handle] = await driver.get<string[]>('/window/handles');
      await driver.post('/window', { handle });
      return (await driver.post<{ handle: string }>('/window/new', { type: 'window' })).handle;
    });
    this.#windows.set(handle, page);
    this.#running = driver;
    return handle;
  }

  scopeOf = (window: string, onAddress: (url: string) => void): Scope => new Scope(this.#running!, window, onAddress);

  async windows(): Promise<string[]> {
    const driver = await this.#driver;
    return driver ? driver.inTurn(() => driver.get<string[]>('/window/handles')) : [];
  }

  async closeWindow(handle: string): Promise<void> {
    const open = await this.windows();
    if (!open.includes(handle)) return;
    // The session and its data end with the last window, so another one is opened first.
    if (open.length === 1) await this.openWindow();
    const driver = this.#running!;
    await driver.inTurn(async () => {
      await driver.post('/window', { handle });
      await driver.delete('/window');
    });
    this.forget(handle);
  }

  /** Forgets the page of a window that has been closed. */
  forget(handle: string): void {
    this.#windows.delete(handle);
  }

  #start(): Promise<Driver> {
    const { viewport, locale, colorScheme, reducedMotion } = this.#options;
    const options = {
      ...{ width: viewport?.width ?? 1280, height: viewport?.height ?? 720, locale },
      ...{ dark: colorScheme === 'dark', reducedMotion: reducedMotion === 'reduce' },
      ...{ proxy: this.#proxy.url, scripts: this.#scripts },
    };
    return Driver.start(this.#display, options, (line) => this.#tell(line));
  }

  #tell(line: string): void {
    if (!line.startsWith('{"event":')) return;
    const { event, type, text } = JSON.parse(line) as Told;
    if (event === 'window') this.#open += type === 'opened' ? 1 : -1;
    const what = event === 'console' ? { type: () => type, text: () => text } : { message: text };
    for (const each of this.#heard) if (each.event === event) each.hear(what);
  }
}

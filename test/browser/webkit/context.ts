import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContextOptions } from 'playwright-core';
import { Driver } from './driver.ts';
import { WebKitPage } from './page.ts';
import { type Handler, type SeenAnswer, type SeenRequest, TrafficProxy } from './proxy.ts';
import { Scope } from './scope.ts';
import { type Told, tell } from './telling.ts';

const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 30_000;

/** What a test can hear of, each with the part of Playwright's type that is there. */
export interface Events {
  request: SeenRequest;
  response: SeenAnswer;
  websocket: { url(): string };
  console: { type(): string; text(): string };
  pageerror: { message: string };
  dialog: never;
}

/** A browser with data of its own, which starts with its first window: until then it can be told what runs in its pages. */
export class WebKitContext {
  /** Whether it ends with its first page. */
  readonly endsWithPage: boolean;
  readonly #display: string;
  readonly #options: BrowserContextOptions;
  readonly #proxy: TrafficProxy;
  readonly #scripts: string[] = [`(${tell})()`];
  readonly #heard: { event: string; hear: (what: unknown) => void }[] = [];
  /** The pages that are known, by window; a window without one only keeps the session. */
  readonly #windows = new Map<string, WebKitPage | undefined>();
  /** Windows that the browser says are open. */
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

  /** Tells of all pages of the context. */
  on<E extends keyof Events>(event: E, hear: (what: Events[E]) => void): void {
    if (event === 'request') this.#proxy.onRequest.push(hear as (what: Events['request']) => void);
    else if (event === 'response') this.#proxy.onAnswer.push(hear as (what: Events['response']) => void);
    else if (event === 'websocket') this.#proxy.onWebSocket.push(hear as (what: Events['websocket']) => void);
    // A dialog makes the next command fail, so that a test does not go on.
    else if (event === 'dialog') return;
    else if (event === 'console' || event === 'pageerror')
      this.#heard.push({ event, hear: hear as (what: unknown) => void });
    else throw new Error(`WebKitWebDriver tells nothing of ${event}.`);
  }

  /** The next window that a page opens by itself. */
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
   * The pages whose windows are open.
   *
   * @throws Error if a window opened or closed that nobody waited for
   */
  pages(): WebKitPage[] {
    if (this.#windows.size !== this.#open)
      throw new Error(`${this.#open} windows are open, and the test knows of ${this.#windows.size}.`);
    return [...this.#windows.values()].flatMap((page) => page ?? []);
  }

  /**
   * @param page what the window is for
   * @returns the handle of a new window
   */
  async openWindow(page?: WebKitPage): Promise<string> {
    const isFirst = this.#driver === undefined;
    this.#driver ??= this.#start();
    const driver = await this.#driver;
    const handle = await driver.inTurn(async () => {
      if (isFirst) return driver.get<string>('/window');
      // The window that the session was in may have been closed.
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
    // The session, and with it the data, ends with the last window.
    if (open.length === 1) await this.openWindow();
    const driver = this.#running!;
    await driver.inTurn(async () => {
      await driver.post('/window', { handle });
      await driver.delete('/window');
    });
    this.forget(handle);
  }

  /** Its window is closed. */
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

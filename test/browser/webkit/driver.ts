import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../local/ports.ts';

/** Options of the browser that {@link Driver.start} starts. They apply to each of its windows. */
export interface WindowOptions {
  width: number;
  height: number;
  locale: string | undefined;
  dark: boolean;
  reducedMotion: boolean;
  /** URL of the proxy that all requests go through. */
  proxy: string;
  /** Sources of scripts that run in each frame before the frame's own scripts. */
  scripts: readonly string[];
}

const ENVIRONMENT = {
  // Uses only the X server of `startDisplay`, and nothing else of a desktop: neither Wayland, nor the accessibility
  // bus, nor the portal.
  ...{ GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', GTK_USE_PORTAL: '0' },
  // Shares no buffers with a graphics card. On a machine without a card, sharing would cost a page a fifth of its
  // processor time.
  WEBKIT_DISABLE_DMABUF_RENDERER: '1',
};

/** A reference to an element, as WebDriver writes it. */
export type ElementReference = Record<string, string>;

/** An error that the driver answered with. `code` is the protocol's error code, such as `no such element`. */
export class WebDriverError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** Starts an X server that draws to memory and needs no screen, for all windows of a test file. */
export async function startDisplay(): Promise<{ name: string; stop(): Promise<void> }> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1400x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(createInterface(server.stdio[3] as never), 'line');
  return { name: `:${number}`, stop: () => end(server) };
}

/** A WebKitWebDriver process with its only session, which is a browser with its own data. */
export class Driver {
  readonly #process: ChildProcess;
  readonly #url: string;
  #session = '';
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /** Starts the driver and a session. @param onLine called with each line that the driver or window.js prints */
  static async start(display: string, options: WindowOptions, onLine: (line: string) => void): Promise<Driver> {
    const port = await freePort();
    const child = spawn('WebKitWebDriver', [`--port=${port}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...ENVIRONMENT, DISPLAY: display },
    });
    createInterface(child.stdout!).on('line', onLine);
    const driver = new Driver(child, `http://127.0.0.1:${port}`);
    await driver.#untilItAnswers();
    const { sessionId } = await driver.#request<{ sessionId: string }>('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          browserName: 'shout-box tests',
          // Scripts have no time-out, because each test has one.
          timeouts: { script: null },
          'webkitgtk:browserOptions': {
            binary: 'gjs',
            args: ['-m', join(import.meta.dirname, 'window.js'), JSON.stringify(options)],
          },
        },
      },
    });
    driver.#session = `/session/${sessionId}`;
    return driver;
  }

  /** Runs `work` with no other caller's commands in between, because the session has one current window and frame. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  get<T>(path: string): Promise<T> {
    return this.#request<T>('GET', this.#session + path);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.#request<T>('POST', this.#session + path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.#request<T>('DELETE', this.#session + path);
  }

  async stop(): Promise<void> {
    // Waits no longer than 10 s, because a browser that hangs does not answer. Such a browser ends with its display.
    await Promise.race([this.delete('').catch(() => {}), sleep(10_000, undefined, { ref: false })]);
    await end(this.#process);
  }

  async #untilItAnswers(): Promise<void> {
    for (;;) {
      if (this.#process.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${this.#process.exitCode}.`);
      try {
        await this.#request('GET', '/status');
        return;
      } catch {
        await sleep(20);
      }
    }
  }

  async #request<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (!response.ok) throw new WebDriverError(value.error!, `${method} ${path}: ${value.message}`);
    return value;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

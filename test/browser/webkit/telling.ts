/** A report of a page (a line of its console, an uncaught error) or of the browser (a window opened or closed). */
export interface Told {
  event: 'console' | 'pageerror' | 'window';
  type: string;
  text: string;
}

/**
 * Reports a page's console and errors, because WebDriver does not. Runs in each frame before the frame's own scripts.
 */
export function tell(): void {
  const { webkit } = window as unknown as {
    webkit: { messageHandlers: { told: { postMessage(text: string): void } } };
  };
  const say = (told: Told) => webkit.messageHandlers.told.postMessage(JSON.stringify(told));
  for (const [method, type] of [
    ['log', 'log'],
    ['info', 'info'],
    ['warn', 'warning'],
    ['error', 'error'],
  ] as const) {
    const own = console[method].bind(console);
    console[method] = (...parts) => {
      say({ event: 'console', type, text: parts.map(String).join(' ') });
      own(...parts);
    };
  }
  const uncaught = (error: unknown) =>
    say({ event: 'pageerror', type: 'error', text: error instanceof Error ? error.message : String(error) });
  addEventListener('error', ({ error, message }) => uncaught(error ?? message));
  addEventListener('unhandledrejection', ({ reason }) => uncaught(reason));
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    say({ event: 'console', type: 'error', text: `${effectiveDirective} forbids ${blockedURI}` }),
  );
}

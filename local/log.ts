import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const TAIL_LINES = 8;
const STACK_FRAME = /^\s+at /;

/**
 * Writes everything the parts print to `<data dir>/local.log`. The terminal shows errors only, or everything in verbose
 * mode.
 */
export class StackLog {
  readonly #verbose: boolean;
  readonly #stream: WriteStream;
  readonly #unseen = new Map<string, string[]>();

  constructor(dataDir: string, verbose: boolean) {
    this.#verbose = verbose;
    this.#stream = createWriteStream(join(dataDir, 'local.log'));
  }

  write(part: string, line: string, isTrouble: boolean): void {
    this.#stream.write(`${new Date().toISOString()} ${part}: ${line}\n`);
    if (isTrouble || this.#verbose) console.error(line);
    else if (line.trim() && !STACK_FRAME.test(line))
      this.#unseen.set(part, [...(this.#unseen.get(part) ?? []), line].slice(-TAIL_LINES));
  }

  /**
   * Returns the last lines of a part that the terminal did not show. They probably say why the part ended. The file has
   * the stack traces.
   */
  tail(part: string): string {
    return (this.#unseen.get(part) ?? []).map((line) => `    ${line}`).join('\n');
  }
}

import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const TAIL_LINES = 8;
const STACK_FRAME = /^\s+at /;

/**
 * Writes to `<data dir>/local.log` everything that the parts of the stack print. A part is a child process, such as the
 * database. The terminal shows errors only, or everything in verbose mode.
 */
export class StackLog {
  readonly #verbose: boolean;
  readonly #stream: WriteStream;
  readonly #unseen = new Map<string, string[]>();

  constructor(dataDir: string, verbose: boolean) {
    this.#verbose = verbose;
    const file = join(dataDir, 'local.log');
    this.#stream = createWriteStream(file);
    this.#stream.on('error', ({ message }) => console.error(`${file} cannot be written, so it ends here: ${message}`));
  }

  write(part: string, line: string, isTrouble: boolean): void {
    this.#stream.write(`${new Date().toISOString()} ${part}: ${line}\n`);
    if (isTrouble || this.#verbose) console.error(line);
    else if (line.trim() && !STACK_FRAME.test(line))
      this.#unseen.set(part, [...(this.#unseen.get(part) ?? []), line].slice(-TAIL_LINES));
  }

  /**
   * Returns the last lines that a part printed but the terminal did not show. They probably say why the part
   * ended. Stack traces are left out; they are in `local.log`.
   */
  tail(part: string): string {
    return (this.#unseen.get(part) ?? []).map((line) => `    ${line}`).join('\n');
  }
}

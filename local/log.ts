import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const TAIL_LINES = 8;

/** Everything the parts print goes to `<data dir>/local.log`; the terminal shows it where asked. */
export class StackLog {
  readonly file: string;
  readonly #verbose: boolean;
  readonly #stream: WriteStream;
  readonly #tails = new Map<string, string[]>();

  constructor(dataDir: string, verbose: boolean) {
    this.file = join(dataDir, 'local.log');
    this.#verbose = verbose;
    this.#stream = createWriteStream(this.file);
  }

  write(part: string, line: string): void {
    this.#stream.write(`${new Date().toISOString()} ${part}: ${line}\n`);
    if (line.trim()) this.#tails.set(part, [...(this.#tails.get(part) ?? []), line].slice(-TAIL_LINES));
    if (this.#verbose) console.error(line);
  }

  /** The last lines of a part: why it ended, most likely. */
  tail(part: string): string {
    return (this.#tails.get(part) ?? []).map((line) => `    ${line}`).join('\n');
  }
}

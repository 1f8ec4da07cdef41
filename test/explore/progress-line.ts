import type { WriteStream } from 'node:tty';

const EVERY_MS = { terminal: 200, log: 5_000 };

export interface Progress {
  (line: string): void;
  end(): void;
}

/** Shows progress: on a terminal in one line that is overwritten, in a log with a new line now and then. */
export function progressLine(stream: WriteStream): Progress {
  const every = stream.isTTY ? EVERY_MS.terminal : EVERY_MS.log;
  let toldAt = performance.now();
  const tell = (line: string) => {
    if (performance.now() - toldAt < every) return;
    toldAt = performance.now();
    stream.write(stream.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
  };
  const end = () => {
    if (stream.isTTY) stream.write('\r\u001b[2K');
  };
  return Object.assign(tell, { end });
}

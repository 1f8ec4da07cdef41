import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Returns a function that replaces a file with a text. It replaces it atomically, so that a crash leaves either the old or
 * the new text, and makes one write after the other. A write that fails does not fail the writes after it.
 */
export function replacedFile(file: string): (text: string) => Promise<void> {
  let last = Promise.resolve();
  return (text) => {
    last = last
      .catch(() => {})
      .then(async () => {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(`${file}.new`, text);
        await rename(`${file}.new`, file);
      });
    return last;
  };
}

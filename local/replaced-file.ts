import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Returns a function that replaces the content of a file. Each replacement is atomic: if the process crashes, the file
 * has either the old or the new text. Replacements are made one after the other. If one fails, the later ones are still
 * made.
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

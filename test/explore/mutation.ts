import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { applyPatch, parsePatch } from 'diff';

const root = new URL('../../', import.meta.url);

/** Texts of files by their paths in the project. */
export type Sources = Readonly<Record<string, string>>;

/**
 * Applies a unified diff to the files of the project, in memory.
 * @throws Error if the text is no unified diff, or the diff does not apply
 */
export function mutated(patch: string): Sources {
  const files = parsePatch(patch).filter(({ hunks }) => hunks.length > 0);
  if (files.length === 0) throw new Error('This is no unified diff.');
  return Object.fromEntries(
    files.map((file) => {
      const path = (file.newFileName ?? '').replace(/^[ab]\//, '');
      const source = applyPatch(readFileSync(new URL(path, root), 'utf8'), file, { fuzzFactor: 2 });
      if (source === false) throw new Error(`It does not apply: ${path} has changed.`);
      return [path, source];
    }),
  );
}

/** Makes all later imports of this thread load these sources instead of the files. */
export function replaceSources(sources: Sources): void {
  const byUrl = new Map(Object.entries(sources).map(([path, source]) => [new URL(path, root).href, source]));
  if (byUrl.size === 0) return;
  registerHooks({
    load(url, context, next) {
      const source = byUrl.get(url);
      return source === undefined ? next(url, context) : { ...next(url, context), source };
    },
  });
}

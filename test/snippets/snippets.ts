import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A fenced block of code in a page of the documentation. */
export interface Snippet {
  /** Path from the root of the repository. */
  page: string;
  /** The nearest heading above the block. */
  heading: string;
  language: string;
  code: string;
}

/** All snippets of README, CONTRIBUTING and docs/, except those in docs/decisions, which need not work today. */
export const snippets: readonly Snippet[] = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })]
  .filter((page) => !page.startsWith('docs/decisions/'))
  .flatMap((page) => snippetsOf(page, readFileSync(join(root, page), 'utf8')));

/**
 * Returns the code of the only snippet in a language below a heading of a page.
 *
 * @throws Error if there is none, or more than one
 */
export function snippet(page: string, heading: string, language: string): string {
  const found = snippets.filter((it) => it.page === page && it.heading === heading && it.language === language);
  if (found.length !== 1) throw new Error(`${page} has ${found.length} snippets in ${language} below "${heading}"`);
  return found[0]!.code;
}

function snippetsOf(page: string, markdown: string): Snippet[] {
  let heading = '';
  const found: Snippet[] = [];
  for (const [, title, language, code] of markdown.matchAll(/^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```$/gms)) {
    if (title !== undefined) heading = title;
    else found.push({ page, heading, language: language!, code: code! });
  }
  return found;
}

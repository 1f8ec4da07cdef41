import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { measure, partOf, problemOf, type Sizes } from './parts.ts';

/**
 * `npm run size` prints the gzipped size of every part of the bundle, its budget, and the difference to the size in
 * main's `web/size.json`. It fails if a part is over its budget, has no budget, or is missing. `--json` prints the
 * sizes, the budgets and the problems as JSON. `--write` stores the sizes in `web/size.json`.
 */
const web = join(import.meta.dirname, '..');
const dist = join(web, 'dist');
const gzip = (file: string) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

const files = readdirSync(dist).filter((file) => file.endsWith('.js'));
const sizes: Sizes = Object.fromEntries(files.map((file) => [partOf(file), gzip(file)]));
const parts = measure(sizes, JSON.parse(readFileSync(join(web, 'size-budget.json'), 'utf8')));
const problems = parts.map(problemOf).filter((problem) => problem !== undefined);

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ parts, problems }, null, 2));
} else {
  const before = sizesOfMain();
  console.log(`${'part'.padEnd(10)}${column('gzip')}${column('budget')}${column('left')}${column('to main')}`);
  for (const { part, bytes, budget } of parts) {
    const left = bytes !== undefined && budget !== undefined ? budget - bytes : undefined;
    const change = bytes !== undefined && before[part] !== undefined ? bytes - before[part] : undefined;
    console.log(`${part.padEnd(10)}${[bytes, budget, left].map(kilo).join('')}${column(signed(change))}`);
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
if (process.argv.includes('--write')) writeFileSync(join(web, 'size.json'), `${JSON.stringify(sizes, null, 2)}\n`);

function column(text: string): string {
  return text.padStart(11);
}

function kilo(bytes: number | undefined): string {
  return column(bytes === undefined ? '–' : `${(bytes / 1_000).toFixed(2)} KB`);
}

function signed(bytes: number | undefined): string {
  return bytes === undefined ? '–' : `${bytes > 0 ? '+' : ''}${bytes} B`;
}

function sizesOfMain(): Sizes {
  for (const branch of ['origin/main', 'main']) {
    try {
      const shown = execFileSync('git', ['show', `${branch}:web/size.json`], { stdio: ['ignore', 'pipe', 'ignore'] });
      return JSON.parse(shown.toString());
    } catch {
      // There is no such branch, no such file in it, or no git repository.
    }
  }
  return {};
}

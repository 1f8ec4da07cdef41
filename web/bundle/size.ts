import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * `npm run size`: what a page pays for the box, gzipped, against its budget and against main. Fails over budget.
 * `--write` keeps the figures in `web/size.json`, which the next comparison reads from main.
 */
const web = join(import.meta.dirname, '..');
const dist = join(web, 'dist');
const gzip = (name: string) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;

const chunks = readdirSync(dist).filter((name) => /^shout-box-.*\.js$/.test(name));
const isLanguage = (name: string) => /^shout-box-[a-z]{2}\.js$/.test(name);
const largestLanguage = Math.max(...chunks.filter(isLanguage).map(gzip));
const read = gzip('shout-box.js');
const rest = chunks.filter((name) => !isLanguage(name)).reduce((sum, name) => sum + gzip(name), 0);

type Sizes = Record<string, number>;
const sizes: Sizes = { 'to read the feed': read, 'everything a session can load': read + rest + largestLanguage };
const budget: Sizes = JSON.parse(readFileSync(join(web, 'size-budget.json'), 'utf8'));
const main = sizesOfMain();
for (const [what, bytes] of Object.entries(sizes)) {
  const before = main?.[what];
  const difference = before === undefined ? '' : `  ${bytes >= before ? '+' : ''}${bytes - before} B to main`;
  console.log(`${what.padEnd(32)}${kilo(bytes)}  of at most${kilo(budget[what]!)}${difference}`);
  if (bytes > budget[what]!) process.exitCode = 1;
}
if (process.exitCode) console.error('Over budget.');
if (process.argv.includes('--write')) writeFileSync(join(web, 'size.json'), `${JSON.stringify(sizes, null, 2)}\n`);

function kilo(bytes: number): string {
  return `${(bytes / 1_000).toFixed(2)} KB`.padStart(9);
}

function sizesOfMain(): Sizes | undefined {
  for (const branch of ['origin/main', 'main']) {
    try {
      const text = execFileSync('git', ['show', `${branch}:web/size.json`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return JSON.parse(text);
    } catch {
      // No such branch here, or not from git at all: nothing to compare with.
    }
  }
  return undefined;
}

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, readArguments } from '../scripts/arguments.ts';
import { holds, machine, type Report, toJson, toMarkdown } from './harness/report.ts';
import { RivalsError } from './harness/rivals.ts';

export interface Options {
  quick: boolean;
}

/** The benchmarks, in the order of results.md; each is a file in this directory. */
const NAMES = [
  'fanout',
  'burst',
  'append',
  'sequence',
  'latency',
  'history',
  'cold',
  'verify',
  'widget',
  'scale',
  'storm',
  'outage',
  'capacity',
  'flood',
] as const;
/** Benchmarks that need the whole stack, a browser or minutes. With `--quick`, they run only if they are named. */
const SLOW: readonly string[] = ['latency', 'widget', 'scale', 'outage', 'capacity'];

const { positionals, values } = readArguments(
  {
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  },
  'Usage: npm run bench -- [BENCHMARK …] [--quick] [--json]',
);
const unknown = positionals.filter((name) => !(NAMES as readonly string[]).includes(name));
if (unknown.length > 0) fail(`There is no benchmark ${unknown.join(', ')}. There are: ${NAMES.join(', ')}.`);
const chosen = positionals.length > 0 ? positionals : NAMES.filter((name) => !(values.quick && SLOW.includes(name)));
const reports = new Map<string, Report>();
const failures: string[] = [];
for (const name of chosen) {
  if (!values.json) console.error(`${name} …`);
  const { run } = (await import(`./${name}.ts`)) as { run: (options: Options) => Promise<Report> };
  let report: Report;
  try {
    report = await run({ quick: values.quick });
  } catch (error) {
    failures.push(`${name}: ${error instanceof RivalsError ? error.message : (error as Error).stack}`);
    continue;
  }
  reports.set(name, report);
  if (!values.json) console.log(`${toMarkdown(name, report, values.quick)}\n`);
}
if (values.json) {
  console.log(
    JSON.stringify(Object.fromEntries([...reports].map(([name, report]) => [name, toJson(report, values.quick)]))),
  );
}
if (!values.quick) await writeResults(join(import.meta.dirname, 'results.md'));
for (const [name, { claims }] of reports) {
  const broken = claims.filter((claim) => !holds(claim, values.quick));
  failures.push(...broken.map(({ what, value }) => `${name}: ${what} is ${value}`));
}
for (const line of failures) console.error(`✗ ${line}`);
// Exits, because child processes and sockets of a failed benchmark would keep this process alive.
process.exit(failures.length > 0 ? 1 : 0);

/** Replaces the sections of the benchmarks that gave a report, and keeps the other sections. */
async function writeResults(file: string): Promise<void> {
  const sections = new Map<string, string>();
  for (const section of existsSync(file) ? (await readFile(file, 'utf8')).split(/^(?=## )/m).slice(1) : []) {
    sections.set(/^## (\S+)/.exec(section)![1]!, section.trimEnd());
  }
  const today = new Date().toISOString().slice(0, 10);
  for (const [name, report] of reports) {
    sections.set(name, `${toMarkdown(name, report)}\n\n*${today}, ${machine()}*`);
  }
  const head =
    '# Benchmark results\n\nWritten by `npm run bench`. Trust the ratios: all columns of a table are medians of interleaved rounds of one run.';
  const body = NAMES.flatMap((name) => sections.get(name) ?? []);
  await writeFile(file, `${[head, ...body].join('\n\n')}\n`);
}

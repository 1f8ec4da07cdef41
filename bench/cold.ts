import { execFile } from 'node:child_process';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { bundleOptions } from '../deploy/bundle-plugin.ts';
import { interleave, median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import type { Options } from './main.ts';

const ROOT = join(import.meta.dirname, '..');
const HANDLERS = join(ROOT, 'src/handlers');

const BARE = 'bare DynamoDB client';
const EMPTY = 'empty module';
/** The modules that the report's `claims` compare. */
const CLAIMED = [BARE, 'sendMessage', 'fanOut'];
/** Common alternatives to our bundle of `sendMessage`. Each differs from our bundle in one thing. */
const RIVALS: Record<string, (handler: string) => string> = {
  'sendMessage, unbundled': (handler) => handler,
  'sendMessage with AJV': (handler) => `export { Ajv } from 'ajv';\nexport * from '${handler}';`,
  'sendMessage with X-Ray': (handler) => `import 'aws-xray-sdk-core';\nexport * from '${handler}';`,
};
/** Bundler options for variants of `sendMessage`. Each variant differs from our bundle in one thing. */
const VARIANTS: Record<string, BuildOptions> = {
  'sendMessage, as ESM': {
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  },
  'sendMessage, whole SDK': { external: [] },
  'sendMessage, names not kept': { keepNames: false },
  'sendMessage, not minified': { minify: false },
};

/** Measures how long each module takes to load in a fresh process, and the size of each bundle. */
export async function run({ quick }: Options): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-bench-cold-'));
  const names = (await readdir(HANDLERS)).filter((file) => /^\w+\.ts$/.test(file)).map((file) => file.slice(0, -3));
  const measured = quick ? ['fanOut', 'sendMessage'] : names;
  const files: Record<string, string> = {};
  const bundle = async (name: string, source: string, options: BuildOptions = {}) => {
    const all: BuildOptions = { ...bundleOptions, ...options };
    const outfile = join(directory, `${name.replaceAll(/\W+/g, '-')}${all.outExtension!['.js']}`);
    const stdin = { contents: source, resolveDir: ROOT, loader: 'ts' as const };
    const { outExtension: _, ...rest } = all;
    await build({ ...rest, stdin, outfile });
    files[name] = outfile;
  };
  const sendMessage = join(HANDLERS, 'sendMessage.ts');
  await Promise.all([
    ...measured.map((name) => bundle(name, `export * from './src/handlers/${name}.ts';`)),
    bundle(BARE, `export { DynamoDBClient } from '@aws-sdk/client-dynamodb';`),
    bundle(EMPTY, 'export {};'),
    ...(quick ? [] : Object.entries(VARIANTS)).map(([name, options]) =>
      bundle(name, `export * from '${sendMessage}';`, options),
    ),
    bundle('sendMessage with AJV', RIVALS['sendMessage with AJV']!(sendMessage)),
    bundle('sendMessage with X-Ray', RIVALS['sendMessage with X-Ray']!(sendMessage)),
  ]);
  files['sendMessage, unbundled'] = sendMessage;

  const sample = (rounds: number, names: readonly string[]) =>
    interleave(rounds, Object.fromEntries(names.map((name) => [name, () => load(files[name]!)])));
  const others = Object.keys(files).filter((name) => !CLAIMED.includes(name));
  // Takes more samples of the modules in `CLAIMED`, because their load times differ by only a few milliseconds.
  const samples = { ...(await sample(quick ? 5 : 15, others)), ...(await sample(quick ? 11 : 45, CLAIMED)) };
  const ms = (name: string) => median(samples[name]!.map(({ wallMs }) => wallMs));
  const rows = await Promise.all(
    Object.entries(files).map(async ([name, file]) => [
      name,
      name === 'sendMessage, unbundled' ? '' : Math.round((await stat(file)).size / 1_000),
      ms(name),
      median(samples[name]!.map(({ cpuMs }) => cpuMs)),
      ms(name) / ms(BARE),
    ]),
  );
  return {
    title: 'Loading the module of sendMessage in a fresh process',
    unit: 'ms',
    ours: ms('sendMessage'),
    limit: ms(BARE),
    rivals: Object.fromEntries(Object.keys(RIVALS).map((name) => [name, ms(name)])),
    claims: [
      { what: 'sendMessage, to a bare DynamoDB client', value: ms('sendMessage') / ms(BARE), atMost: 1.25 },
      { what: 'fanOut, to a bare DynamoDB client', value: ms('fanOut') / ms(BARE), atMost: 1.25 },
    ],
    tables: [
      {
        caption:
          'Everything is bundled with the options of the deployment, the bare client too; the variants differ in the one thing they name.',
        columns: ['', 'KB', 'ms', 'ms CPU', 'to bare client'],
        rows: rows as (string | number)[][],
      },
    ],
  };
}

const MEASURE = `
const cpu = process.cpuUsage(), start = performance.now();
await import(process.argv[1]);
const wallMs = performance.now() - start, { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000 }));
process.exit();`;

async function load(file: string): Promise<{ wallMs: number; cpuMs: number }> {
  const env = { ...process.env, AWS_REGION: 'eu-central-1', NODE_NO_WARNINGS: '1' };
  const argv = ['--input-type=module', '-e', MEASURE, pathToFileURL(file).href];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { resourcesOf, type Stack } from './stack.ts';

/** Variables that Lambda sets. */
const GIVEN = /^(AWS_(REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|XRAY_DAEMON_ADDRESS)|_X_AMZN_TRACE_ID)$/;
/** Variables that only the stack of `npm start` has. */
const LOCAL_ONLY = /^DYNAMODB_ENDPOINT$/;

interface PackagedFunction {
  id: string;
  name: string;
  handler: string;
  variables: readonly string[];
  files: Record<string, Uint8Array>;
}

function packagedFunctions({ template, packages }: Stack): PackagedFunction[] {
  return resourcesOf(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => {
    const name = Properties.FunctionName.split('-').at(-1);
    const variables = Object.keys(Properties.Environment?.Variables ?? {});
    return { id, name, handler: Properties.Handler, variables, files: packages[name] ?? {} };
  });
}

/**
 * Checks that each package has its handler and the files that the handler imports on demand. Also loads them, in the
 * Node that runs this check and without any file from outside the package.
 */
export async function checkHandlers(stack: Stack): Promise<string[]> {
  const problems = await Promise.all(packagedFunctions(stack).map(loadProblem));
  return problems.filter((problem) => problem !== undefined);
}

async function loadProblem({ id, handler, files }: PackagedFunction): Promise<string | undefined> {
  const [module, exported] = handler.split('.') as [string, string];
  const file = Object.keys(files).find((path) => /\.[cm]?js$/.test(path) && path.replace(/\.[cm]?js$/, '') === module);
  if (file === undefined) return `${id}: its package has no ${module}`;
  // The directory is outside of this project, so that Node does not find the project's node_modules.
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-handler-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    const main = join(directory, file);
    const parts = partsOf(files[file]!).map((part) => join(dirname(main), part));
    const load = `if (typeof require(${JSON.stringify(main)}).${exported} !== 'function') throw new Error('no export ${exported}'); ${JSON.stringify(parts)}.forEach(require); process.exit()`;
    await promisify(execFile)(process.execPath, ['-e', load], { env: {}, timeout: 30_000 });
    return undefined;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return `${id}: ${handler} does not load: ${/^\w*Error.*$/m.exec(stderr ?? '')?.[0] ?? message}`;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Returns the files that a bundle imports on demand. */
function partsOf(bundle: Uint8Array): string[] {
  return [
    ...Buffer.from(bundle)
      .toString()
      .matchAll(/\bimport\("(\.[^"]+)"\)/g),
  ].map(([, part]) => part!);
}

/** Checks that each function's environment has every variable that its bundle reads, and no other. */
export async function checkEnvironment(stack: Stack): Promise<string[]> {
  const known = await variablesReadIn('src');
  return packagedFunctions(stack).flatMap(({ id, variables, files }) => {
    const code = Object.values(files)
      .map((file) => Buffer.from(file).toString())
      .join('\n');
    const read = known.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return [
      ...read.filter((name) => !variables.includes(name)).map((name) => `${id}: reads ${name}, which is not set`),
      ...variables.filter((name) => !read.includes(name)).map((name) => `${id}: ${name} is set, but not read`),
    ];
  });
}

/**
 * Returns the variables that the sources read: as `env.NAME`, or with a reader of src/infra/settings.ts such as
 * `v.text('NAME')`. Leaves out variables that Lambda sets, and variables that only the stack of `npm start` has.
 */
async function variablesReadIn(directory: string): Promise<string[]> {
  const files = (await readdir(directory, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const sources = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  const pattern = /\benv\.([A-Z_][A-Z0-9_]+)|\bv\.\w+\(\s*'([A-Z][A-Z0-9_]+)'/g;
  const names = sources.flatMap((source) => [...source.matchAll(pattern)].map(([, a, b]) => (a ?? b)!));
  return [...new Set(names)].filter((name) => !GIVEN.test(name) && !LOCAL_ONLY.test(name));
}

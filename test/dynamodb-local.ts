import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { freePort } from '../local/ports.ts';

/**
 * `npm run test:dynamodb-local` runs the integration and fault tests on AWS's own DynamoDB Local. Otherwise they run on
 * another engine (local/engine.ts), which may behave differently. Arguments are passed on to Vitest, in place of the
 * default directories.
 */
const root = join(import.meta.dirname, '..');
/** The npm package that contains all of DynamoDB Local. Its dependencies are not needed. */
const carrier = 'amplify-dynamodb-simulator@2.9.30';
const home = join(root, 'node_modules/.cache', carrier);

try {
  ensureJava();
  await fetchOnce();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
const port = await freePort();
const endpoint = `http://127.0.0.1:${port}`;
const engine = spawn(
  'java',
  [
    '-Djava.library.path=./DynamoDBLocal_lib',
    '-jar',
    'DynamoDBLocal.jar',
    '-inMemory',
    '-sharedDb',
    '-port',
    `${port}`,
  ],
  { cwd: join(home, 'emulator'), stdio: ['ignore', 'ignore', 'inherit'] },
);
const credentials = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
const env = { ...process.env, ...credentials, DYNAMODB_ENDPOINT: endpoint };
Object.assign(process.env, credentials);
// A JVM takes seconds to start, so the client retries until DynamoDB Local answers.
await new DynamoDBClient({ endpoint, maxAttempts: 1_000, retryMode: 'standard' }).send(new ListTablesCommand());
const { argv } = process;
const files = argv.length > 2 ? argv.slice(2) : ['test/integration', 'test/faults'];
const vitest = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'integration', '--project', 'stack', ...files],
  { cwd: root, env, stdio: 'inherit' },
);
const [code] = await once(vitest, 'exit');
engine.kill();
process.exit(code ?? 1);

/** Checks that Java is installed. @throws Error with a message of one sentence if it is not */
function ensureJava(): void {
  if (spawnSync('java', ['-version']).status === 0) return;
  throw new Error('DynamoDB Local needs Java 17 or later, and there is no `java` on the PATH: install a JRE first.');
}

/**
 * Fetches the package {@link carrier} if it is not in the cache.
 * @throws Error if npm or tar fails
 */
async function fetchOnce(): Promise<void> {
  if (existsSync(home)) return;
  await mkdir(join(home, '..'), { recursive: true });
  const dir = await mkdtemp(`${home}-`);
  try {
    const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', carrier, '--json'], { cwd: dir, encoding: 'utf8' }));
    execFileSync('tar', ['-xzf', filename], { cwd: dir });
    await rename(join(dir, 'package'), home);
  } catch (cause) {
    throw new Error(`${carrier} could not be fetched from npm: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

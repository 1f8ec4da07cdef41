import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { readParameters } from '../src/infra/settings.ts';
import { announcement } from './announcement.ts';
import { type Child, startChild } from './child.ts';
import { COMPILE_CACHE } from './compile-cache.ts';
import { addressesOf, claimDataDir, writeAddresses } from './data-dir.ts';
import { engineBinary } from './engine.ts';
import { signingKey } from './issuer/keys.ts';
import { StackLog } from './log.ts';
import { startPages } from './pages.ts';
import { ensurePortsAreFree, freePort } from './ports.ts';
import { ensureAnswers } from './reachable.ts';
import { backEndEnvironment, type LocalSettings, readLocalSettings, redirectUris } from './settings.ts';
import { awaitAll, Supervisor } from './supervisor.ts';
import { buildWidget } from './widget.ts';

const ENGINE = 'DynamoDB';
/**
 * Maximum wait for the ports of a killed stack, ms. The stack's guard (guard.ts) ends two processes, and waits at most
 * ten seconds for each.
 */
const PORT_PATIENCE_MS = 20_000;
enableCompileCache(COMPILE_CACHE);

const supervisor = new Supervisor();
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  // Ends this process with its parent, if a test or a script has forked it.
  process.once('disconnect', () => resolve());
});

try {
  const settings = readLocalSettings(process.env);
  await Promise.race([start(settings), interrupted, supervisor.failure]);
  await Promise.race([interrupted, supervisor.failure]);
} catch (error) {
  console.error(`\n${(error as Error).message}`);
  process.exitCode = 1;
}
await supervisor.stop();
process.exit();

async function start(settings: LocalSettings): Promise<void> {
  const { dataDir, ports, issuer, dynamodb } = settings;
  // Checks the configuration now. The functions would only check it when they are first called.
  readParameters(backEndEnvironment(settings, process.env));
  const { issuer: issuerPort, dynamodb: dynamodbPort, ...always } = ports;
  const claim = await claimDataDir(dataDir);
  supervisor.add('claim on the data directory', claim.release);
  const ours = {
    ...always,
    ...(issuer.ours && { issuer: issuerPort }),
    ...(dynamodb.ours && { dynamodb: dynamodbPort }),
  };
  // After a crash, the guard of the killed stack may still be ending that stack's processes, which hold the ports.
  const portsAreFree = ensurePortsAreFree(ours, claim.afterCrash ? PORT_PATIENCE_MS : 0);
  await Promise.all([
    awaitAll({ 'the ports of the stack that was killed': portsAreFree }, 'waiting for'),
    issuer.ours || ensureAnswers(issuer.url, 'ISSUER'),
    dynamodb.ours || ensureAnswers(dynamodb.endpoint, 'DYNAMODB_ENDPOINT'),
  ]);
  const log = new StackLog(dataDir, settings.verbose);
  const run = guardedRunner(log);

  // The engine is started first. Parts are stopped in reverse order, so the back end can finish its work while its
  // database still runs.
  if (dynamodb.ours) startEngine(settings, run);
  await awaitAll({
    'back end': startBackEnd(settings, run),
    'sign-in': issuer.ours ? startIssuer(settings) : Promise.resolve(),
    pages: startPages(settings),
    widget: buildWidget(),
  });
  supervisor.add('addresses', await writeAddresses(dataDir, addressesOf(settings, supervisor.children)));
  console.log(announcement(settings, performance.now() / 1000));
  process.send?.('ready');
}

type Run = (name: string, command: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Child;

/** Returns a function that starts a child process. The child ends with this process, however this process ends. */
function guardedRunner(log: StackLog): Run {
  const guard = fork(join(import.meta.dirname, 'guard.ts'), { detached: true, stdio: 'ignore', execArgv: [] });
  supervisor.add('guard', async () => guard.disconnect());
  return (name, command, args, env = process.env) => {
    const child = startChild({
      command,
      args,
      env,
      onLine: (line, isError) => log.write(name, line, isTrouble(name, line, isError)),
    });
    supervisor.addChild(name, child, () => log.tail(name));
    if (child.pid !== undefined) guard.send(child.pid);
    return child;
  };
}

/**
 * Returns whether a line reports an error. The engine's standard error does not count, because the engine prints its
 * greeting there. The functions log their errors to standard output, as lines of JSON.
 */
function isTrouble(name: string, line: string, isError: boolean): boolean {
  return (isError && name !== ENGINE && line !== '') || line.startsWith('{"level":"error"');
}

function startEngine({ ports, dataDir }: LocalSettings, run: Run): void {
  run(ENGINE, engineBinary(), ['serve', '--port', `${ports.dynamodb}`, '--db-path', join(dataDir, 'dynamodb.sqlite')]);
}

async function startBackEnd(settings: LocalSettings, run: Run): Promise<void> {
  const serverless = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const { http, ws } = settings.ports;
  // serverless-offline also opens a port for Lambda's Invoke, and plugin.ts opens one for the queue.
  const reserved = Object.values(settings.ports);
  const [lambda, queue] = await Promise.all([settings.ports.lambda ?? freePort(reserved), freePort(reserved)]);
  const options = `--host ${settings.bind} --httpPort ${http} --websocketPort ${ws} --lambdaPort ${lambda}`;
  const child = run('back end', process.execPath, [serverless, 'offline', 'start', ...options.split(' ')], {
    SLS_LOG_LEVEL: settings.verbose ? 'notice' : 'warning',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    LAMBDA_ENDPOINT: `http://127.0.0.1:${lambda}`,
    PARKING_QUEUE: `http://127.0.0.1:${queue}/parked-events`,
    ...backEndEnvironment(settings, process.env),
  });
  await child.said('ready');
}

async function startIssuer(settings: LocalSettings): Promise<void> {
  const { ports, issuer, dataDir } = settings;
  const { createIssuer } = await import('./issuer/provider.ts');
  const server = createIssuer({
    ...settings,
    allowedOrigins: settings.connectingOrigins,
    url: issuer.url,
    redirectUris: redirectUris(settings),
    key: await signingKey(join(dataDir, 'issuer-key.json')),
  });
  server.listen(ports.issuer, settings.bind);
  await once(server, 'listening');
}

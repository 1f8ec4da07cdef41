import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, works } from './engine.ts';

const run = promisify(execFile);
const DEFAULT = /^ARG BASE=(\S+)/m;
const OWN = 'localhost/shout-box-base';

/**
 * Returns the name of the base image: `CONTAINER_BASE` if it is set, and otherwise the official Node image, which the
 * Containerfile names. If that image cannot be pulled, builds a Debian image with this machine's Node and npm instead.
 *
 * @throws Error with a message of one sentence if the Debian image is needed, but the user is not root or there is no
 *   mmdebstrap
 */
export async function baseImage(engine: Engine, env: NodeJS.ProcessEnv): Promise<string> {
  if (env.CONTAINER_BASE) return env.CONTAINER_BASE;
  const [, official] = DEFAULT.exec(await readFile('Containerfile', 'utf8'))!;
  try {
    await engine.ask('pull', '--quiet', official!);
    return official!;
  } catch {
    console.log(`${official} cannot be pulled here: building a base from Debian's packages instead`);
  }
  if (process.getuid?.() !== 0 || !(await works('mmdebstrap', ['--version']))) {
    throw new Error(
      'A base can be built by root with mmdebstrap alone (apt-get install mmdebstrap); or set CONTAINER_BASE to an image with Node.',
    );
  }
  return buildBase(engine);
}

async function buildBase(engine: Engine): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-base-'));
  try {
    const root = join(directory, 'root');
    await run('mmdebstrap', ['--variant=minbase', '--include=ca-certificates,libatomic1', 'trixie', root]);
    await copyNode(root);
    await run('tar', ['-C', root, '-cf', `${root}.tar`, '.'], { maxBuffer: 16 * 1024 * 1024 });
    await engine.ask('import', `${root}.tar`, OWN);
    return OWN;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Copies this machine's Node, npm, certificates and npm configuration into the file system at `root`. */
async function copyNode(root: string): Promise<void> {
  const { stdout } = await run('sh', ['-c', 'command -v npm']);
  const npm = dirname(dirname(await realpath(stdout.trim())));
  const node = await realpath((await run('sh', ['-c', 'command -v node'])).stdout.trim());
  await copyFile(node, join(root, 'usr/bin/node'));
  await mkdir(join(root, 'usr/lib/node_modules'), { recursive: true });
  await cp(npm, join(root, 'usr/lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, `usr/bin/${name}`));
  }
  await copyFile('/etc/ssl/certs/ca-certificates.crt', join(root, 'etc/ssl/certs/ca-certificates.crt'));
  for (const file of ['/etc/npmrc', '/usr/etc/npmrc', join(homedir(), '.npmrc')]) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await copyFile(file, join(root, file)).catch(() => undefined);
  }
}

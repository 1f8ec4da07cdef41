import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** docker or podman, with the options that this machine needs. */
export interface Engine {
  /** Runs a command of the engine and shows its output. @throws Error if it fails */
  show(...args: string[]): Promise<void>;
  /** Runs a command of the engine. @returns its output. @throws Error with its output if it fails */
  ask(...args: string[]): Promise<string>;
  /** Returns all that a container has printed. */
  said(name: string): Promise<string>;
}

/** Finds docker or podman. @throws Error with a message of one sentence if there is neither */
export async function findEngine(): Promise<Engine> {
  for (const command of ['docker', 'podman']) {
    if (!(await works(command, ['--version']))) continue;
    // Podman's usual runtime, crun, cannot start containers on hybrid cgroups (v1 and v2). runc can.
    const prefix = command === 'podman' && (await works('runc', ['--version'])) ? ['--runtime', 'runc'] : [];
    return engine(command, prefix);
  }
  throw new Error(
    'There is neither docker nor podman on this machine: install one of them (Debian: apt-get install podman runc catatonit).',
  );
}

function engine(command: string, prefix: readonly string[]): Engine {
  // Builds images in Docker's format, because Podman's default format (OCI) has no health check.
  const env = { ...process.env, PODMAN_IGNORE_CGROUPSV1_WARNING: '1', BUILDAH_FORMAT: 'docker' };
  return {
    async show(...args) {
      const child = spawn(command, [...prefix, ...args], { stdio: ['ignore', 'inherit', 'inherit'], env });
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`${command} ${args[0]} failed.`);
    },
    async ask(...args) {
      const { stdout } = await run(command, [...prefix, ...args], { env, maxBuffer: 16 * 1024 * 1024 });
      return stdout.trim();
    },
    async said(name) {
      const { stdout, stderr } = await run(command, [...prefix, 'logs', name], { env });
      return `${stdout}${stderr}`.trim();
    },
  };
}

export async function works(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, [...args]).then(
    () => true,
    () => false,
  );
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Time-out of `npm ci`, ms. */
const TIMEOUT_MS = 300_000;

/** Thrown if the rivals' packages cannot be installed. Its message is for the person who runs the benchmark. */
export class RivalsError extends Error {}

/**
 * Installs the packages that benchmarks compare with (bench/package.json), unless they are installed already.
 *
 * @throws RivalsError if npm can't install them
 */
export async function installRivals(directory = join(import.meta.dirname, '..')): Promise<void> {
  if (isInstalled(directory)) return;
  console.error('Installing the packages that this benchmark compares with (npm ci in bench/, 20 MB) …');
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1', '--loglevel=error'];
  const npm = spawn('npm', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS });
  let errors = '';
  npm.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code, signal] = await once(npm, 'close').catch((error: Error) => [error.message]);
  if (code === 0) return;
  const reason = signal ? `it was ended by ${signal} after ${TIMEOUT_MS / 1_000} s` : firstError(errors) || code;
  throw new RivalsError(
    `The packages that this benchmark compares with could not be installed: ${reason}. ` +
      'They come from the npm registry; `npm ci --prefix bench` shows all that npm says.',
  );
}

/**
 * Returns whether the packages are installed and up to date. After npm has installed
 * everything, it writes `node_modules/.package-lock.json`. If `package-lock.json` is newer, it has changed since.
 */
function isInstalled(directory: string): boolean {
  const changed = (file: string) => statSync(join(directory, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return changed('node_modules/.package-lock.json') >= changed('package-lock.json');
}

/** Returns the first line of npm's error that is a sentence. npm prints lines such as `code ECONNREFUSED` before it. */
function firstError(errors: string): string {
  const lines = errors.split('\n').map((line) => line.replace(/^npm error /, '').trim());
  return lines.find((line) => line && !/^(code|syscall|errno|address|port) /.test(line)) ?? '';
}

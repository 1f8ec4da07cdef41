import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { snippets } from './snippets.ts';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** The documented `npm` commands that run a script, such as `npm run cost -- --users 1000`, each with its page. */
const commands = snippets
  .filter(({ language }) => language === 'sh')
  .flatMap(({ page, code }) => code.split(/\n|&&/).map((line) => ({ page, line: line.replace(/\s#.*/, '').trim() })))
  .flatMap(({ page, line }) => {
    const [, run, name, rest = ''] = /\bnpm (run (?:-s )?)?([\w:-]+)(.*)/.exec(line) ?? [];
    if (name === undefined || ['ci', 'install', 'pack'].includes(name)) return [];
    return [{ page, line, run, name, options: [...rest.matchAll(/--([a-z][\w-]*)/g)].map(([, option]) => option!) }];
  });

test.each(commands)('$page: $line', ({ run, name, options }) => {
  expect(scripts).toHaveProperty([name]);
  if (!run) expect(['start', 'test']).toContain(name);
  const source = sourceOf(scripts[name]!);
  for (const option of options)
    expect(source, `--${option}`).toMatch(new RegExp(`\\b${option}['"]?: \\{|--${option}\\b`));
});

test('there are such commands', () => {
  expect(commands.length).toBeGreaterThan(10);
});

/**
 * Returns the source of the script that a command runs, and of all files below the script's directory, because these
 * may read options, too.
 */
function sourceOf(command: string): string {
  const [, script] = /^node ([\w/-]+\.ts)/.exec(command) ?? [];
  if (!script) return '';
  const files = [script, ...globSync(`${dirname(script)}/**/*.ts`, { cwd: root })];
  return files
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}

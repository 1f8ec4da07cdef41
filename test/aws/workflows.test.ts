import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Job {
  permissions?: Record<string, string>;
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

let texts: string[];
let jobs: Job[];
beforeAll(async () => {
  const files = await readdir('.github/workflows');
  texts = await Promise.all(files.map((file) => readFile(`.github/workflows/${file}`, 'utf8')));
  jobs = texts.flatMap((text) => Object.values<Job>(parse(text).jobs));
});

test('an action of somebody else is pinned to a commit, with the version beside it', () => {
  // A tag can be moved to other code, a commit cannot.
  const used = texts.flatMap((text) =>
    [...text.matchAll(/^\s*(?:- )?uses: (?!\.\/)(.+)$/gm)].map(([, action]) => action),
  );
  expect(used.length).toBeGreaterThan(4);
  for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('a job that can get a token runs no script of a dependency and takes nothing from a cache', () => {
  const privileged = jobs.filter(({ permissions }) => permissions?.['id-token'] === 'write');
  expect(privileged).toHaveLength(1);
  const steps = privileged.flatMap(({ steps = [] }) => steps);
  const installs = steps.flatMap(({ run }) => (/npm (ci|install|i)\b/.test(run ?? '') ? [run] : []));
  expect(installs).toEqual(['npm ci --ignore-scripts']);
  const [setup] = steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
  expect(setup?.with).toEqual({ 'node-version': 24, 'package-manager-cache': false });
});

test('only a job that says so can get a token', () => {
  for (const text of texts) expect(parse(text).permissions).toEqual({ contents: 'read' });
});

test('workflows run scripts that there are', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  const commands = texts.flatMap((text) => [...text.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name]) => name!));
  expect(commands).toEqual(expect.arrayContaining(['deploy', 'check']));
  expect(await readFile('scripts/check.ts', 'utf8')).toContain(scripts['check:aws'].replace('node ', ''));
  for (const command of commands.filter((name) => name !== 'ci')) expect(Object.keys(scripts)).toContain(command);
});

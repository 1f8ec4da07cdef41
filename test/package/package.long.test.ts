import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { visit } from '../e2e/visitor.ts';
import { snippet } from '../snippets/snippets.ts';
import { type Stack, startStack } from '../stack.ts';
import { createScratchProject, type ScratchProject } from './scratch-project.ts';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

let project: ScratchProject;

beforeAll(async () => {
  project = await createScratchProject();
});
afterAll(async () => {
  await project?.[Symbol.asyncDispose]();
});

describe('the npm package', () => {
  it('is one that publint finds nothing wrong with', async () => {
    const { publint } = await import(project.resolve('publint'));
    const { messages } = await publint({ pack: { tarball: project.tarball.buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that every bundler and Node resolve', async () => {
    const { checkPackage, createPackageFromTarballData } = await import(project.resolve('@arethetypeswrong/core'));
    const { problems } = await checkPackage(createPackageFromTarballData(project.tarball), {
      // These are not imported: they are for a script tag, for the sign-in window and for tools.
      excludeEntrypoints: ['./shout-box.js', './callback.html', './sign-in.html', './custom-elements.json'],
    });
    // The package is an ES module. It does not promise to work with `require` or with Node 10's resolution.
    const promised = problems.filter(
      ({ kind, resolutionKind }: { kind: string; resolutionKind?: string }) =>
        kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10',
    );
    expect(promised).toEqual([]);
  });
});

describe('a site that installed it', () => {
  let stack: Stack & AsyncDisposable;
  let browser: Browser;
  let page: Server;
  let url: string;

  beforeAll(async () => {
    page = createServer((request, response) => void answer(request.url!).then((send) => send(response)));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    url = `http://localhost:${(page.address() as AddressInfo).port}`;
    [stack, browser] = await Promise.all([startStack({ env: { ALLOWED_ORIGINS: url } }), launchChromium()]);
    const shouts = snippet('docs/embedding.md', 'React', 'tsx');
    const here = shouts.replace('https://api.shout.example', stack.http).replace('https://shout.example', stack.web);
    await writeFile(join(project.directory, 'shouts.tsx'), here);
    const vue = snippet('docs/embedding.md', 'Vue', 'vue');
    await writeFile(join(project.directory, 'shouts.vue'), vue.replace('https://api.shout.example', stack.http));
    await project.run('vite', 'build', '--logLevel', 'warn');
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
    page?.closeAllConnections();
    page?.close();
  });

  it('compiles in React 19, with the types of the box and of its events', async () => {
    await project.run('tsc', '--project', project.directory);
  });

  it.each(['react', 'vue'])('shows the room in a page in %s, and tells the page that it is live', async (framework) => {
    const visitor = await visit(browser, `${url}/${framework}.html`);
    await visitor.page.waitForFunction(() => document.title === 'live');
    await visitor.page.context().close();
  });

  it('signs a person in from the page in React, who writes and is still signed in after a reload', async () => {
    const visitor = await visit(browser, `${url}/react.html`);
    await visitor.signIn('alice');
    await visitor.shout('Hello from React.');
    await visitor.sees('alice', 'Hello from React.');
    await visitor.page.reload();
    await visitor.box.getByRole('button', { name: 'Signed in as alice' }).waitFor();
    await visitor.page.context().close();
  });

  async function answer(path: string): Promise<(response: ServerResponse) => void> {
    const name = new URL(path, url).pathname;
    const file = await readFile(join(project.directory, 'dist', name)).catch(() => undefined);
    return (response) => {
      if (!file) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(file);
    };
  }
});

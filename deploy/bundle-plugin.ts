import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { bundleHandlers } from './bundles.ts';
import { lazyParts } from './lazy-parts.ts';

interface FunctionDefinition {
  handler: string;
  package?: { patterns?: string[] };
}

interface Serverless {
  serviceDir: string;
  service: { functions: Record<string, FunctionDefinition> };
}

/**
 * Options for the bundle of every function. A bundle is a CommonJS file, because importing `node:http` in an ESM file
 * reads all its exports. One of these is the getter `WebSocket`, which loads all of Node's undici
 * (docs/decisions/0031-bundles.md).
 */
export const bundleOptions = {
  bundle: true,
  minify: true,
  keepNames: true,
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  // Packages that a bundle leaves out. The SDK imports them only when it needs them, and in a Lambda it never does: the
  // credentials are in the environment, and DynamoDB sends no event streams. On a developer's machine, they are in
  // node_modules.
  external: [
    '@aws-sdk/credential-provider-http',
    '@aws-sdk/credential-provider-ini',
    '@aws-sdk/credential-provider-process',
    '@aws-sdk/credential-provider-sso',
    '@aws-sdk/credential-provider-web-identity',
    '@smithy/core/event-streams',
    '@smithy/credential-provider-imds',
  ],
  plugins: [lazyParts],
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * A Serverless plugin. In serverless.yml `functions.*.handler` names the source (`src/handlers/connect.handler`). The
 * plugin bundles the source to `build/connect.cjs`, and makes the function and the local emulator use that file. The
 * function's package contains this file and the parts that it may load later (lazy-parts.ts).
 */
export default class BundlePlugin {
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #serverless: Serverless;
  /** Source file of each function. */
  readonly #handlers = new Map<FunctionDefinition, string>();

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    this.hooks = {
      initialize: async () => this.#redirect(),
      'before:package:createDeploymentArtifacts': () => this.#bundle(),
      'before:offline:start:init': () => this.#bundle(),
    };
  }

  #redirect(): void {
    for (const [name, fn] of Object.entries(this.#serverless.service.functions)) {
      if (!fn.handler) throw new Error(`The function ${name} has no handler in serverless.yml.`);
      const [source, exported] = fn.handler.split('.') as [string, string];
      this.#handlers.set(fn, `${source}.ts`);
      fn.handler = `build/${basename(source)}.${exported}`;
      fn.package = { patterns: [`build/${basename(source)}.cjs`] };
    }
  }

  async #bundle(): Promise<void> {
    const root = join(import.meta.dirname, '..');
    const bundles = await bundleHandlers(root, [...this.#handlers.values()], bundleOptions);
    const outdir = join(this.#serverless.serviceDir, 'build');
    await mkdir(outdir, { recursive: true });
    const written = new Map<string, Uint8Array>();
    for (const [fn, handler] of this.#handlers) {
      const files = bundles[handler]!;
      fn.package = { patterns: Object.keys(files).map((file) => `build/${file}`) };
      for (const [file, content] of Object.entries(files)) written.set(join(outdir, file), content);
    }
    await Promise.all(Array.from(written, ([path, content]) => writeWhereChanged(path, content)));
  }
}

/** Replaces a file atomically, and only if it changed, because another local stack may be running it. */
async function writeWhereChanged(path: string, contents: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  await writeFile(`${path}.${process.pid}`, contents);
  await rename(`${path}.${process.pid}`, path);
}

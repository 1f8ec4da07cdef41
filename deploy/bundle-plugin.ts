import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

interface FunctionDefinition {
  handler: string;
  package?: { patterns?: string[] };
}

interface Serverless {
  serviceDir: string;
  service: { functions: Record<string, FunctionDefinition> };
}

/** What every Lambda is bundled with. One ESM file each, so that a cold start reads one file and evaluates only what it uses. */
export const bundleOptions = {
  bundle: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  // CommonJS dependencies call require() for Node's own modules, which ESM does not have.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Serverless plugin: `functions.*.handler` names the source (`src/handlers/connect.handler`); this bundles it to
 * `build/connect.mjs` and points the function, its package and the local emulator there.
 */
export default class BundlePlugin {
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #serverless: Serverless;
  readonly #entryPoints: string[] = [];

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    this.hooks = {
      initialize: async () => this.#redirect(),
      'before:package:createDeploymentArtifacts': () => this.#bundle(),
      'before:offline:start:init': () => this.#bundle(),
    };
  }

  #redirect(): void {
    for (const fn of Object.values(this.#serverless.service.functions)) {
      const [source, exported] = fn.handler.split('.') as [string, string];
      this.#entryPoints.push(join(this.#serverless.serviceDir, `${source}.ts`));
      fn.handler = `build/${basename(source)}.${exported}`;
      fn.package = { patterns: [`build/${basename(source)}.mjs`] };
    }
  }

  async #bundle(): Promise<void> {
    const outdir = join(this.#serverless.serviceDir, 'build');
    await rm(outdir, { recursive: true, force: true });
    await build({ ...bundleOptions, entryPoints: this.#entryPoints, outdir });
  }
}

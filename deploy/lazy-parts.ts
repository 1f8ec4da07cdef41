import { basename, dirname, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * Puts each module that our own code imports with `import()` into a file of its own, next to the bundle. The file is
 * loaded when it is first needed. Inside the bundle, the module would slow every cold start, because esbuild would wrap
 * into functions all code that the module shares with the rest (docs/decisions/0031-bundles.md).
 */
export const lazyParts: Plugin = {
  name: 'lazy-parts',
  setup({ initialOptions, onResolve, onEnd }) {
    const parts = new Set<string>();
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      parts.add(resolve(resolveDir, path));
      return { path: `./${basename(path, '.ts')}.cjs`, external: true };
    });
    onEnd(async (result) => {
      if (parts.size === 0) return;
      const { stdin: _, outfile, outdir = dirname(outfile ?? '.'), ...options } = initialOptions;
      // The bundle imports its parts as `./NAME.cjs`, so the parts go into the bundle's directory.
      const { outputFiles = [] } = await build({
        ...options,
        entryPoints: [...parts],
        entryNames: '[name]',
        outdir,
        plugins: [],
      });
      result.outputFiles?.push(...outputFiles);
    });
  },
};

import { execFileSync } from 'node:child_process';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { minifyTemplates } from './minify-templates.ts';
import { pages, shared } from './pages.ts';

/**
 * Makes `web/dist` a package for `npm publish web/dist`. The directory already holds the script-tag bundle, which
 * `vite.config.ts` builds. Adds the pages that are served with the bundle, the ES modules and their types, the files
 * that tell editors about the element (custom-elements-manifest.config.js), the README, the license and `package.json`.
 */
/** The modules that a page may import: the class, its registration, and the registration with types for React. */
const MODULES = ['shout-box', 'define', 'react'];

const web = join(import.meta.dirname, '..');
const root = join(web, '..');
const dist = join(web, 'dist');

await build({ ...pages, build: { ...pages.build, outDir: dist } });

await build({
  ...shared,
  plugins: [minifyTemplates()],
  build: {
    target: 'es2023',
    minify: false,
    outDir: join(dist, 'esm'),
    lib: {
      entry: Object.fromEntries(MODULES.map((name) => [name, join(web, `element/${name}.ts`)])),
      formats: ['es'],
    },
    rollupOptions: { external: /^(lit|oauth4webapi)(\/|$)/ },
  },
});

await rm(join(dist, 'types'), { recursive: true, force: true });
run('tsc', ['--project', join(web, 'bundle/tsconfig.json')]);
run('cem', ['analyze', '--config', 'web/bundle/custom-elements-manifest.config.js']);
await copyFile(join(root, 'docs/embedding.md'), join(dist, 'README.md'));
await copyFile(join(root, 'LICENSE'), join(dist, 'LICENSE'));
await writeFile(join(dist, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`);

function run(command: string, args: readonly string[]): void {
  execFileSync(join(root, 'node_modules/.bin', command), args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function manifest(): Promise<unknown> {
  const { version, license, description, dependencies } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  const module = (name: string) => ({ types: `./types/web/element/${name}.d.ts`, default: `./esm/${name}.js` });
  return {
    name: 'shout-box',
    version,
    description,
    license,
    type: 'module',
    exports: {
      '.': module('shout-box'),
      './define': module('define'),
      './react': module('react'),
      './shout-box.js': './shout-box.js',
      './callback.html': './callback.html',
      './sign-in.html': './sign-in.html',
      './custom-elements.json': './custom-elements.json',
    },
    customElements: 'custom-elements.json',
    'web-types': 'web-types.json',
    sideEffects: ['./esm/define.js', './esm/react.js', './shout-box.js'],
    dependencies: { lit: dependencies.lit, oauth4webapi: dependencies.oauth4webapi },
    peerDependencies: { '@types/react': '>=19' },
    peerDependenciesMeta: { '@types/react': { optional: true } },
  };
}

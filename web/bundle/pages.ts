import { join } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';
import settings from '../vite.config.ts';

const web = join(import.meta.dirname, '..');
const { base, define } = settings;

/** How everything but the script-tag bundle is built. */
export const shared: InlineConfig = { configFile: false, root: web, base: base!, define: define!, logLevel: 'warn' };

/** The pages that are served beside `shout-box.js`. */
export const pages: InlineConfig = {
  ...shared,
  plugins: [builtElement()],
  build: {
    emptyOutDir: false,
    modulePreload: false,
    rollupOptions: {
      input: Object.fromEntries(['sign-in', 'callback', 'embed'].map((name) => [name, join(web, `${name}.html`)])),
      output: {
        entryFileNames: 'pages/[name].js',
        chunkFileNames: 'pages/[name].js',
        assetFileNames: 'pages/[name][extname]',
      },
    },
  },
};

/** The iframe page uses the script-tag bundle that lies beside it, instead of a second copy of the element. */
function builtElement(): Plugin {
  return {
    name: 'shout-box:built-element',
    enforce: 'pre',
    resolveId: (id) => (id.endsWith('/element/define.ts') ? { id: '../shout-box.js', external: true } : undefined),
  };
}

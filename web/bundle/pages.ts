import { join } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';
import settings from '../vite.config.ts';

const web = join(import.meta.dirname, '..');
const { base, define } = settings;

/** Build options that the pages and the ES modules of the npm package share. */
export const shared: InlineConfig = { configFile: false, root: web, base: base!, define: define!, logLevel: 'warn' };

/** Build options of the pages that are served beside `shout-box.js`. */
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
        // A hash, so that a page never gets a shared chunk of another build from the browser's cache.
        chunkFileNames: 'pages/[name]-[hash].js',
        assetFileNames: 'pages/[name][extname]',
      },
    },
  },
};

/** Makes `embed.html` load the `shout-box.js` beside it, so that the pages contain no second copy of the element. */
function builtElement(): Plugin {
  return {
    name: 'shout-box:built-element',
    enforce: 'pre',
    resolveId: (id) => (id.endsWith('/element/define.ts') ? { id: '../shout-box.js', external: true } : undefined),
  };
}

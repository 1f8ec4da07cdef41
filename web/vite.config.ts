import { join } from 'node:path';
import { defineConfig } from 'vite';
import { minifyTemplates } from './bundle/minify-templates.ts';

const { SHOUT_WEB_PORT = '5173', SHOUT_SERVER = 'http://localhost:3000' } = process.env;
const SHOUT_WEB = process.env.SHOUT_WEB ?? `http://localhost:${SHOUT_WEB_PORT}`;

/**
 * Serves the pages, and builds `dist/shout-box.js` for the script tag. Code that not every reader needs, such as the
 * composer, the sign-in and the languages, goes into chunks beside `shout-box.js`. The box fetches a chunk when it
 * needs it (docs/decisions/0040-what-the-box-weighs.md).
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [minifyTemplates()],
  server: { host: '127.0.0.1', port: Number(SHOUT_WEB_PORT), strictPort: true },
  define: {
    'import.meta.env.SHOUT_SERVER': JSON.stringify(SHOUT_SERVER),
    'import.meta.env.SHOUT_WEB': JSON.stringify(SHOUT_WEB),
  },
  build: {
    target: 'es2023',
    modulePreload: false,
    // Uses library mode. Otherwise Vite would wrap each dynamic import in its preloader, although there is nothing to
    // preload here.
    lib: { entry: { 'shout-box': join(import.meta.dirname, 'element/define.ts') }, formats: ['es'] },
    rollupOptions: {
      // Lets Rolldown add exports to `shout-box.js`, so that the other chunks import shared code from there. Otherwise
      // the shared code would become one more chunk.
      preserveEntrySignatures: 'allow-extension',
      output: {
        // A chunk that imports code from `shout-box.js` works only with the `shout-box.js` of the same build. A page
        // that was opened before a deployment still fetches chunks of the old build. The hash in a chunk's name keeps
        // the deployment from overwriting the old chunk. A language file imports no code, so its name needs no hash.
        chunkFileNames: ({ facadeModuleId }) => {
          const [, of] = /\/locales\/(rules|moderation)\//.exec(facadeModuleId ?? '') ?? [];
          if (of) return `shout-box-[name]-${of}.js`;
          return facadeModuleId?.includes('/locales/') ? 'shout-box-[name].js' : 'shout-box-[name]-[hash:6].js';
        },
        minify: true,
        comments: false,
        topLevelVar: false,
      },
    },
  },
});

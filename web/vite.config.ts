import { join } from 'node:path';
import { defineConfig } from 'vite';
import { minifyTemplates } from './bundle/minify-templates.ts';

const { SHOUT_WEB_PORT = '5173', SHOUT_SERVER = 'http://localhost:3000' } = process.env;
const SHOUT_WEB = process.env.SHOUT_WEB ?? `http://localhost:${SHOUT_WEB_PORT}`;

/**
 * Serves the pages, and builds `dist/shout-box.js` for the script tag. Code that a reader may not need, such as the
 * composer, the sign-in and the languages, is in files beside it, and is fetched from there
 * (docs/decisions/0040-what-the-box-weighs.md).
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
    // Library mode, because Vite wraps an application's dynamic imports in its preloader, which has nothing to preload
    // here.
    lib: { entry: { 'shout-box': join(import.meta.dirname, 'element/define.ts') }, formats: ['es'] },
    rollupOptions: {
      // Lets the parts import shared code from `shout-box.js`, so that no extra chunk is made for shared code.
      preserveEntrySignatures: 'allow-extension',
      output: {
        // A part that shares code with `shout-box.js` works only with the same build, so its name has a hash: a page
        // that was open before a deployment still finds its parts. Languages are data and need no hash.
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

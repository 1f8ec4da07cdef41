import { defineConfig } from 'vite';

/** The pages, for development. The bundles are built by `build.ts`. */
export default defineConfig({
  root: import.meta.dirname,
  server: { host: '127.0.0.1', port: Number(process.env.SHOUT_WEB_PORT ?? 5173), strictPort: true, cors: true },
});

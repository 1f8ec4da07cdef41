import { runNode } from './run.ts';

/** Builds the widget and its pages, which know their server by then. @returns where they are */
export async function buildSite(siteUrl: string): Promise<string> {
  const env = { ...process.env, SHOUT_SERVER: siteUrl, SHOUT_WEB: siteUrl };
  await runNode(['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts'], env);
  await runNode(['web/bundle/package.ts'], env);
  return 'web/dist';
}

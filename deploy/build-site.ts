import { execSync } from 'node:child_process';

/**
 * Builds the widget and its pages.
 * @param siteUrl address of the pages, and of the server that they use
 * @returns the directory that holds the built files
 */
export async function buildSite(siteUrl: string): Promise<string> {
  const env = { ...process.env, SHOUT_SERVER: siteUrl, SHOUT_WEB: siteUrl };
  execSync('npm run build:widget', { env, stdio: 'inherit' });
  return 'web/dist';
}

import { execSync } from 'node:child_process';

/** Builds the widget and its pages for the address of their server. @returns the directory that holds them */
export async function buildSite(siteUrl: string): Promise<string> {
  const env = { ...process.env, SHOUT_SERVER: siteUrl, SHOUT_WEB: siteUrl };
  execSync('npm run build:widget', { env, stdio: 'inherit' });
  return 'web/dist';
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Returns the path of the DynamoDB engine's binary. npm has one package per platform.
 *
 * @throws Error with a message of one sentence if the package for the platform is not installed
 */
export function engineBinary(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@dynoxide/${platform}-${arch}`;
  try {
    const root = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(root, platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch (cause) {
    throw new Error(
      `There is no DynamoDB engine for this machine (npm package ${name} is not installed): install it, or set DYNAMODB_ENDPOINT to any other DynamoDB, such as DynamoDB Local.`,
      { cause },
    );
  }
}

import { resolve } from 'node:path';

/**
 * Directory of Node's compile cache. From the second start on, the cache saves a third of the work of the Serverless
 * framework.
 */
export const COMPILE_CACHE = resolve('node_modules/.cache/shout-box');

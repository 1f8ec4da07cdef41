import { resolve } from 'node:path';

/** Directory of Node's compile cache. With the cache, only the first start compiles the Serverless framework's code. */
export const COMPILE_CACHE = resolve('node_modules/.cache/shout-box');

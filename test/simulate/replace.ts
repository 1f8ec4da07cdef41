import { registerHooks } from 'node:module';
import { broken } from './broken.ts';

/** Adapters that use the network, the clock, randomness or the console. test/simulate/outside.ts replaces them. */
const REPLACED = [
  'src/infra/runtime.ts',
  'src/infra/telemetry.ts',
  'src/infra/dynamodb/client.ts',
  'src/infra/dynamodb/table-clock.ts',
  'src/infra/gateway/keep-alive-pool.ts',
  'src/infra/gateway/close-connection.ts',
  'src/infra/sqs/sqs-parking.ts',
  'src/infra/identity/token-verifier.ts',
];

const root = new URL('../../', import.meta.url);
const replaced = new Set(REPLACED.map((path) => new URL(path, root).href));
const outside = new URL('outside.ts', import.meta.url).href;

const [, variant] = /--broken[= ](\S+)/.exec(process.argv.join(' ')) ?? [];
const change = variant === undefined ? undefined : broken[variant];

// From here on, an import of one of these adapters loads outside.ts instead, and so does Middy's import of node:timers.
// Only outside.ts itself can still import the adapters. With `--broken NAME`, the change `NAME` of broken.ts is made to
// a source file as it is loaded.
registerHooks({
  resolve(specifier, context, next) {
    const ofMiddy = context.parentURL?.includes('/@middy/core/') && specifier === 'node:timers';
    const resolved = next(specifier, context);
    return ofMiddy || (replaced.has(resolved.url) && context.parentURL !== outside)
      ? { ...resolved, url: outside, format: 'module-typescript' }
      : resolved;
  },
  load(url, context, next) {
    const loaded = next(url, context);
    if (!change || url !== new URL(change.file, root).href) return loaded;
    const source = String(loaded.source);
    if (!source.includes(change.from)) throw new Error(`${variant} does not apply: ${change.file} has changed.`);
    return { ...loaded, source: source.replace(change.from, change.to) };
  },
});

/**
 * Turns the JSON Schemas in this folder into TypeScript types, validators and the AsyncAPI document.
 *
 *   node schemas/generate.ts           write the generated files
 *   node schemas/generate.ts --check   write nothing; exit 1 if a file differs from what would be written
 *
 * The validators are standalone code that AJV generates, bundled to plain ESM. So no Lambda loads AJV itself, which
 * would take 120–177 ms of a cold start.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { asyncApi } from './asyncapi.ts';

type Schema = JSONSchema & { $id: string; $defs?: Record<string, JSONSchema> };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const files = ['actor.json', 'event.json', 'message.json', 'client.json', 'server.json', 'http.json'];
const base = 'https://shout-box.dev/schemas/';
/** The folder of the validators. This script deletes every file in it that it does not generate. */
const VALIDATORS = '../src/handlers/validators/';

const queries = {
  connectQuery: 'ConnectQuery',
  chatHistoryQuery: 'ChatHistoryQuery',
  eventsQuery: 'EventsQuery',
  reportsQuery: 'ReportsQuery',
};

/**
 * The schema of a Lambda's event. It describes only the part that comes from a client: `body` or
 * `queryStringParameters`.
 */
interface EventSchema {
  type: 'object';
  required: [string];
  properties: Record<string, { $ref: string }>;
}

/** File name in the `$id` under which AJV gets the schemas of Lambda events. There is no such file. */
const handlers = 'handlers.json';

function eventSchemas(titles: Record<string, string>, part: string, file: string): Record<string, EventSchema> {
  const schema = (title: string): EventSchema => ({
    type: 'object',
    required: [part],
    properties: { [part]: { $ref: `${base}${file}#/$defs/${title}` } },
  });
  return Object.fromEntries(Object.entries(titles).map(([name, title]) => [name, schema(title)]));
}

const banner = '// Generated from schemas/ by `npm run generate`. Do not edit.\n';

async function read(): Promise<Schema[]> {
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(here(file), 'utf8')) as Schema));
}

/**
 * Returns the titles of the definitions in which `property` is a constant, by the constant's value. For `action`, the
 * title `SendMessage` is under `sendMessage`.
 */
function namedBy(property: string, { $defs = {} }: Schema): Record<string, string> {
  const named = Object.entries($defs).flatMap(([title, { properties }]) => {
    const name = properties?.[property]?.const as string | undefined;
    return name === undefined ? [] : [[name, title]];
  });
  return Object.fromEntries(named);
}

const union = (titles: readonly string[]) => ({ oneOf: titles.map((title) => ({ $ref: `#/$defs/${title}` })) });

/**
 * Returns the TypeScript types. First bundles all schemas and their `$defs` into one schema, so that each named type is
 * written once.
 */
async function types(schemas: Schema[], actions: readonly string[]): Promise<string> {
  const definitions: Record<string, JSONSchema> = {};
  for (const schema of schemas) {
    const { $defs = {}, $id: _id, $schema: _schema, ...own } = schema;
    if ('type' in own || 'oneOf' in own) definitions[schema.title as string] = own;
    Object.assign(definitions, $defs);
  }
  const titles = new Map(schemas.map((schema) => [schema.$id.slice(base.length), schema.title as string]));
  const local = JSON.parse(JSON.stringify(definitions), (key, value) => {
    if (key !== '$ref') return value;
    const [file, pointer] = (value as string).split('#/$defs/') as [string, string | undefined];
    return `#/$defs/${pointer ?? titles.get(file)}`;
  });
  // Drops the `oneOf` by which a message either has a text or is deleted, because json-schema-to-typescript would make
  // `Message` a union with index signatures.
  delete local.Message.oneOf;
  local.ClientFrame = { description: client.description, ...union(Object.values(namedBy('action', client))) };
  // Splits an event into envelope and body, so that in TypeScript the `type` decides what `data` is. The schema itself
  // allows any `data`, because a frame may have an event of a type that this version does not know.
  const { type: _type, data: _data, ...envelope } = local.SequencedEvent.properties;
  local.EventEnvelope = { type: 'object', required: Object.keys(envelope), properties: envelope };
  local.EventBody = union(Object.values(namedBy('type', event)));
  local.SequencedEvent = {
    description: event.description,
    allOf: [{ $ref: '#/$defs/EventEnvelope' }, { $ref: '#/$defs/EventBody' }],
  };
  const source = await compile(
    { title: 'Schemas', type: 'object', additionalProperties: false, $defs: local } as JSONSchema,
    'Schemas',
    {
      bannerComment: banner,
      unreachableDefinitions: true,
      additionalProperties: false,
      ignoreMinAndMaxItems: true,
      style: { singleQuote: true, printWidth: 120 },
    },
  );
  return source
    .replace(
      /export interface Schemas \{\}\n/,
      `/** Every command, by the \`action\` of its frame. */\nexport const ACTIONS = [${actions.map((name) => `'${name}'`).join(', ')}] as const;\n`,
    )
    .replace(
      /\/\*\*\n \* This interface was referenced by `Schemas`'s JSON-Schema\n \* via the `definition` "[^"]+"\.\n \*\/\n/g,
      '',
    )
    .replace(
      / \*\n \* This interface was referenced by `Schemas`'s JSON-Schema\n \* via the `definition` "[^"]+"\.\n/g,
      '',
    );
}

/**
 * Returns the generated files of all validators, by path. Each validator has its own files, so that a Lambda's bundle
 * has only the validator that it uses. From a common file, a bundler would remove nothing, because AJV's code has side
 * effects.
 */
async function validatorFiles(
  schemas: Schema[],
  validators: Record<string, EventSchema>,
): Promise<Record<string, string>> {
  const ajv = new Ajv2020({
    schemas: [...schemas, { $id: base + handlers, $defs: validators }] as object[],
    code: { source: true, esm: true, optimize: 2 },
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
  });
  const files = Object.entries(validators).map(async ([name, { properties }]) => {
    const path = `${VALIDATORS}${name}.generated`;
    return [
      [`${path}.js`, await validatorCode(ajv, name)],
      [`${path}.d.ts`, validatorType(name, properties)],
    ] as const;
  });
  return Object.fromEntries((await Promise.all(files)).flat());
}

async function validatorCode(ajv: Ajv2020, name: string): Promise<string> {
  const refs = { [name]: `${base}${handlers}#/$defs/${name}` };
  const code = (standalone as unknown as (ajv: Ajv2020, refs: Record<string, string>) => string)(ajv, refs);
  // AJV's ESM output still calls require("ajv/dist/runtime/…"). Bundling puts the required code in its place.
  const bundled = await build({
    stdin: { contents: code, resolveDir: here('..'), loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['main'],
    write: false,
  });
  return banner + bundled.outputFiles[0]?.text;
}

function validatorType(name: string, properties: EventSchema['properties']): string {
  const [[part, { $ref }]] = Object.entries(properties) as [[string, { $ref: string }]];
  const type = $ref.split('/').at(-1)!;
  return `${banner}import type { ${type} } from '../../domain/schema.generated.ts';
import type { Validate } from '../middleware/validate.ts';

export declare const ${name}: Validate<{ ${part}: ${type} }>;
`;
}

const schemas = await read();
const schemaOf = (file: string) => schemas.find(({ $id }) => $id === base + file)!;
const [event, client, server] = [schemaOf('event.json'), schemaOf('client.json'), schemaOf('server.json')];
const actions = namedBy('action', client);
/** The schema of each handler's event, by the validator's name. */
const validators = {
  ...eventSchemas(actions, 'body', 'client.json'),
  ...eventSchemas(queries, 'queryStringParameters', 'http.json'),
};
const outputs: Record<string, string> = {
  '../src/domain/schema.generated.ts': await types(schemas, Object.keys(actions)),
  ...(await validatorFiles(schemas, validators)),
  'asyncapi.yaml': `# ${banner.slice(3)}${asyncApi(client.$defs!, server.$defs!)}`,
};

/** Files in the validators' folder that are no output of this run, such as a validator of a removed action. */
const leftovers = (await readdir(here(VALIDATORS)))
  .map((name) => VALIDATORS + name)
  .filter((path) => !(path in outputs));

let stale = 0;
for (const path of [...Object.keys(outputs), ...leftovers]) {
  const content = outputs[path];
  if (!process.argv.includes('--check')) {
    await (content === undefined ? rm(here(path)) : writeFile(here(path), content));
  } else if (content !== (await readFile(here(path), 'utf8').catch(() => ''))) {
    stale++;
    console.error(
      `${relative(here('..'), here(path))} is out of step with schemas/: run \`npm run generate\` and commit it.`,
    );
  }
}
process.exitCode = stale ? 1 : 0;

import { readdir, readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (file: string) => readFile(new URL(file, import.meta.url), 'utf8');
const files = await readdir(new URL('.', import.meta.url));
const json = files.filter((file) => file.endsWith('.json'));
const schemas = new Map(await Promise.all(json.map(async (file) => [file, JSON.parse(await read(file))] as const)));
const ajv = new Ajv2020({ schemas: [...schemas.values()], strict: true, strictRequired: false, allowUnionTypes: true });

interface Definition {
  properties?: { action?: object };
}

function refsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [value as string] : refsIn(value)));
}

function resolves(ref: string, own: unknown): boolean {
  const [file, pointer = ''] = ref.split('#') as [string, string?];
  const document = file === '' ? own : schemas.get(file);
  return (
    pointer
      .split('/')
      .filter(Boolean)
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document) !== undefined
  );
}

describe('the API documents', () => {
  it.each(['asyncapi.yaml', 'openapi.yaml'])('%s refers only to what is there', async (file) => {
    const document = parse(await read(file));
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(5);
    expect(refs.filter((ref) => !resolves(ref, document))).toEqual([]);
  });

  it.each(json)('%s compiles', (file) => {
    expect(ajv.getSchema(`https://shout-box.dev/schemas/${file}`)).toBeTypeOf('function');
  });

  it('asyncapi.yaml documents every frame of the protocol', async () => {
    const documented = refsIn(parse(await read('asyncapi.yaml')));
    const frames = (schemas.get('server.json').oneOf as { $ref: string }[]).map(({ $ref }) => `server.json${$ref}`);
    const definitions = Object.entries<Definition>(schemas.get('client.json').$defs);
    const sent = definitions.filter(([, { properties }]) => properties?.action);
    expect(sent.length).toBeGreaterThan(3);
    for (const [title] of sent) frames.push(`client.json#/$defs/${title}`);
    expect(documented).toEqual(expect.arrayContaining(frames));
  });

  it('openapi.yaml documents every route of serverless.yml', async () => {
    const routes = [...(await read('../serverless.yml')).matchAll(/httpApi: GET (\S+)/g)].map(([, path]) => path);
    expect(Object.keys(parse(await read('openapi.yaml')).paths).sort()).toEqual(routes.sort());
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Writes the tables of the element's attributes, properties, methods, events, slots, parts and CSS properties into
 * `docs/embedding.md`. Takes them from the Custom Elements Manifest of the source. With `--check`, writes nothing, and
 * fails if the tables are out of date.
 */
const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/embedding.md');

interface Item {
  name: string;
  description?: string;
  default?: string;
  type?: { text: string };
  kind?: string;
  privacy?: string;
  parameters?: { name: string; type?: { text: string } }[];
  return?: { type: { text: string } };
}

interface Declaration
  extends Record<'attributes' | 'members' | 'events' | 'slots' | 'cssParts' | 'cssProperties', Item[]> {
  tagName?: string;
}

const text = readFileSync(page, 'utf8');
const updated = withTables(text, tables(analyze()));
if (!process.argv.includes('--check')) writeFileSync(page, updated);
else if (updated !== text) {
  console.error('docs/embedding.md is out of step with the element: run npm run docs:api');
  process.exitCode = 1;
}

function analyze(): Declaration {
  const directory = mkdtempSync(join(root, 'node_modules/.cem-'));
  try {
    const config = 'web/bundle/custom-elements-manifest.config.js';
    const args = ['analyze', '--config', config, '--outdir', relative(root, directory)];
    execFileSync(join(root, 'node_modules/.bin/cem'), args, { cwd: root, stdio: 'ignore' });
    const { modules } = JSON.parse(readFileSync(join(directory, 'custom-elements.json'), 'utf8'));
    const declarations: Declaration[] = modules.flatMap(
      (module: { declarations: Declaration[] }) => module.declarations,
    );
    return declarations.find(({ tagName }) => tagName === 'shout-box')!;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function tables({ attributes, members, events, slots, cssParts, cssProperties }: Declaration): Record<string, string> {
  const open = members.filter(
    ({ privacy, name }) => privacy !== 'private' && privacy !== 'protected' && name[0] !== '#',
  );
  const named = new Set(attributes.map(({ name }) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())));
  const code = (value: string | undefined) => (value ? `\`${value.replaceAll('|', '\\|')}\`` : '');
  const row = ({ name, type, default: value, description = '' }: Item) => [
    code(name),
    code(type?.text),
    code(value),
    description,
  ];
  return {
    attributes: table(['attribute', 'type', 'default', ''], attributes.map(row)),
    properties: table(
      ['property', 'type', ''],
      open
        .filter(({ kind, name }) => kind === 'field' && !named.has(name))
        .map((item) => [code(item.name), code(item.type?.text), item.description ?? '']),
    ),
    methods: table(
      ['method', 'returns', ''],
      open
        .filter(({ kind }) => kind === 'method')
        .map(({ name, parameters = [], return: result, description = '' }) => [
          code(`${name}(${parameters.map((parameter) => parameter.name).join(', ')})`),
          code(result?.type.text),
          description,
        ]),
    ),
    events: table(
      ['event', '`detail`', ''],
      events
        .filter(({ description }) => description)
        .map(({ name, type, description }) => [code(name), code(/<(.*)>$/.exec(type?.text ?? '')?.[1]), description!]),
    ),
    slots: table(
      ['slot', ''],
      slots.map(({ name, description = '' }) => [code(name), description]),
    ),
    parts: table(
      ['part', ''],
      cssParts.map(({ name, description = '' }) => [code(name), description]),
    ),
    css: table(
      ['CSS property', 'default', ''],
      cssProperties.map(({ name, default: value, description = '' }) => [code(name), code(value), description]),
    ),
  };
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function withTables(source: string, byName: Record<string, string>): string {
  return source.replace(/<!-- api:(\w+) -->[\s\S]*?<!-- \/api -->/g, (_, name: string) => {
    if (!byName[name]) throw new Error(`docs/embedding.md asks for a table "${name}", which there is not.`);
    return `<!-- api:${name} -->\n\n${byName[name]}\n\n<!-- /api -->`;
  });
}

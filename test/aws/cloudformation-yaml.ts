import { readFile } from 'node:fs/promises';
import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { Json, Template } from '../../deploy/check/stack.ts';

/** Parses a YAML template. Expands CloudFormation's short forms: `!Ref Id` becomes `{ Ref: 'Id' }`. */
export async function readTemplate(file: string): Promise<Template> {
  // Suppresses warnings about the short forms, because the parser does not know these tags.
  return jsonOf(parseDocument(await readFile(file, 'utf8'), { logLevel: 'error' }).contents) as Template;
}

/**
 * @throws Error for an alias, which CloudFormation does not support:
 *   https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
function jsonOf(node: Node | null): Json {
  const value = untagged(node);
  const [, name] = /^!(\w+)$/.exec(node?.tag ?? '') ?? [];
  if (!name) return value;
  if (name === 'Ref') return { Ref: value };
  return { [`Fn::${name}`]: name === 'GetAtt' ? value.split('.') : value };
}

function untagged(node: Node | null): Json {
  if (node === null || isScalar(node)) return node?.value;
  if (isSeq<Node>(node)) return node.items.map(jsonOf);
  if (isMap<Node, Node>(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [jsonOf(key), jsonOf(value)]));
  }
  throw new Error('CloudFormation takes no YAML aliases.');
}

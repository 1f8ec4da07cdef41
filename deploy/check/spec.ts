import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';
import type { Json, Template } from './stack.ts';

/**
 * Compares a template with the AWS CDK's copy of CloudFormation's schemas. Returns the problems: unknown resource types
 * and properties, missing required properties, and values of the wrong type.
 */
export function checkSpec({ Resources }: Template): string[] {
  const db = loadAwsServiceSpecSync();
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const [resource] = db.lookup('resource', 'cloudFormationType', 'equals', Type);
    if (!resource) return [`${id}: there is no resource type ${Type}`];
    return checkObject(db, resource.properties, Properties, id);
  });
}

type Properties = Record<string, { type: PropertyType; required?: boolean }>;

function checkObject(db: SpecDatabase, properties: Properties, value: Json, path: string): string[] {
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required && !(name in value))
    .map(([name]) => `${path}: ${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, part]) => {
    const property = properties[name];
    return property ? checkValue(db, property.type, part, `${path}.${name}`) : [`${path}.${name}: no such property`];
  });
  return [...missing, ...wrong];
}

function checkValue(db: SpecDatabase, type: PropertyType, value: Json, path: string): string[] {
  const branches = value?.['Fn::If'];
  if (branches) return branches.slice(1).flatMap((branch: Json) => checkValue(db, type, branch, path));
  if (isIntrinsic(value)) return [];
  const expected = (name: string, fits: boolean) => (fits ? [] : [`${path}: ${JSON.stringify(value)} is not ${name}`]);
  switch (type.type) {
    case 'ref': {
      if (typeof value !== 'object') return expected('an object', false);
      return checkObject(db, db.get('typeDefinition', type.reference.$ref).properties, value, path);
    }
    case 'array':
      if (!Array.isArray(value)) return expected('a list', false);
      return value.flatMap((item, index) => checkValue(db, type.element, item, `${path}[${index}]`));
    case 'map':
      return Object.entries(value).flatMap(([key, item]) => checkValue(db, type.element, item, `${path}.${key}`));
    case 'union': {
      const problems = type.types.map((option) => checkValue(db, option, value, path));
      return problems.some(({ length }) => length === 0) ? [] : problems[0]!;
    }
    // A number or boolean may be given as a string, and a string as a number or boolean, because CloudFormation
    // converts the value.
    case 'integer':
      return expected('a whole number', Number.isInteger(Number(value)));
    case 'number':
      return expected('a number', Number.isFinite(Number(value)));
    case 'boolean':
      return expected('true or false', ['true', 'false'].includes(String(value)));
    case 'string':
      return expected('a string', ['string', 'number', 'boolean'].includes(typeof value));
    default:
      return [];
  }
}

function isIntrinsic(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || Boolean(key?.startsWith('Fn::')));
}

import type { Resource } from './tables.ts';

type Value = string | Record<string, unknown>;

/**
 * Replaces CloudFormation's functions in `environment` with values for the local stack. `!Ref` of a table becomes the
 * table's name. A variable with any other function (such as `!Sub` of an address) gets the value of the variable with
 * the same name in `local`.
 * @throws Error if `local` has no such variable
 */
export function resolveEnvironment(
  environment: Readonly<Record<string, Value>>,
  resources: Readonly<Record<string, Resource>>,
  local: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (typeof value !== 'object') return [name, String(value)];
      const table = typeof value.Ref === 'string' ? resources[value.Ref]?.Properties.TableName : undefined;
      const resolved = table ?? local[name];
      if (resolved === undefined) throw new Error(`${name} needs a value on this machine: ${JSON.stringify(value)}`);
      return [name, resolved];
    }),
  );
}

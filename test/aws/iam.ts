import type { Json } from '../../deploy/check/stack.ts';

/** One request as IAM sees it. */
export interface Request {
  action: string;
  resource: string;
  /** Condition keys of the request and their values. */
  context?: Record<string, string | string[]>;
}

/**
 * Returns whether identity policies allow a request. A Deny that applies wins, and without an Allow nothing is allowed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(statements: readonly Json[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}

function applies({ Action, NotAction, Resource, Condition = {} }: Json, request: Request): boolean {
  const named = (actions: Json) =>
    [actions].flat().some((one) => like(one.toLowerCase(), request.action.toLowerCase()));
  return (
    (Action ? named(Action) : !named(NotAction)) &&
    [Resource].flat().some((one) => like(one, request.resource)) &&
    Object.entries<Json>(Condition).every(([operator, keys]) =>
      Object.entries<Json>(keys).every(([key, wanted]) => holds(operator, wanted, request.context?.[key])),
    )
  );
}

/** Checks one condition. If the request lacks the key, only a condition with ForAllValues is met. */
function holds(operator: string, wanted: Json, given: string | string[] | undefined): boolean {
  const [quantifier, name] = operator.includes(':') ? operator.split(':') : ['', operator];
  const meets = (value: string) => [wanted].flat().some((one) => COMPARISONS[name!]!(one, value));
  if (quantifier === 'ForAllValues') return [given ?? []].flat().every(meets);
  return given !== undefined && [given].flat().some(meets);
}

const COMPARISONS: Record<string, (wanted: string, value: string) => boolean> = {
  StringEquals: (wanted, value) => wanted === value,
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
};

/**
 * Returns whether a value matches a pattern with the wildcards `*` and `?`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function like(pattern: string, value: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}

/**
 * Resolves a value of a template as CloudFormation would: `Ref`, `Fn::Sub` and `Fn::If`.
 *
 * @param names values of parameters and pseudo parameters, by name
 */
export function resolved(value: Json, names: Record<string, string>, conditions: Record<string, boolean> = {}): Json {
  const of = (part: Json): Json => resolved(part, names, conditions);
  if (Array.isArray(value)) return value.map(of).filter((item) => item !== names['AWS::NoValue']);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return names[value.Ref] ?? value.Ref;
  if ('Fn::Sub' in value)
    return value['Fn::Sub'].replaceAll(/\$\{([^}]+)\}/g, (_: string, name: string) => names[name]);
  if ('Fn::If' in value) return of(value['Fn::If'][conditions[value['Fn::If'][0]] ? 1 : 2]);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, of(part)]));
}

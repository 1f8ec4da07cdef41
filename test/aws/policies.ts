import { type Json, resourcesOf, type Template } from '../../deploy/check/stack.ts';

/** A function's call to AWS, with IAM's names for the action and the resource. */
export interface Call {
  function: string;
  action: string;
  resource: string;
}

interface Grant {
  action: string;
  resource: string;
}

/**
 * Actions that Lambda itself takes with a function's role: writing logs and traces, reading the stream and the queue.
 * `isByLambda` adds one more: when Lambda has given up on a batch, it sends a message to the queue `FailedBatches`.
 */
const BY_LAMBDA =
  /^(logs:|xray:|sqs:(DeleteMessage|GetQueueAttributes|ReceiveMessage)|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$)/;
const isByLambda = ({ action, resource }: Grant) => BY_LAMBDA.test(action) || resource === 'FailedBatches.Arn';

/** Returns the calls that the role of the calling function does not allow. */
export function denied(template: Template, calls: readonly Call[]): Call[] {
  return calls.filter((call) => !grantsOf(template, call.function).some((grant) => allows(grant, call)));
}

/** Returns the permissions that no call needed, except those that Lambda itself uses. */
export function unused(template: Template, calls: readonly Call[]): Call[] {
  return functionNames(template).flatMap((name) =>
    grantsOf(template, name)
      .filter((grant) => !isByLambda(grant))
      .filter((grant) => !calls.some((call) => call.function === name && allows(grant, call)))
      .map((grant) => ({ function: name, ...grant })),
  );
}

export function functionNames(template: Template): string[] {
  return resourcesOf(template, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
}

function nameOf(id: string): string {
  const name = id.replace(/LambdaFunction$/, '');
  return name[0]!.toLowerCase() + name.slice(1);
}

function grantsOf(template: Template, name: string): Grant[] {
  const [, fn] = resourcesOf(template, 'AWS::Lambda::Function').find(([id]) => nameOf(id) === name)!;
  const role = template.Resources[fn.Properties.Role['Fn::GetAtt'][0]]!;
  return role.Properties.Policies.flatMap(({ PolicyDocument }: Json) => PolicyDocument.Statement).flatMap(
    ({ Action, Resource }: Json) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource: arnOf(resource) }))),
  );
}

/**
 * Returns whether a grant allows a call. The resource of a grant may contain `*`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function allows(grant: Grant, { action, resource }: Call): boolean {
  const pattern = grant.resource.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return grant.action === action && new RegExp(`^${pattern}$`).test(resource);
}

const ATTRIBUTES: Record<string, string> = {
  'EventsTable.Arn': tableArn('EventsTable'),
  'StateTable.Arn': tableArn('StateTable'),
};

export function tableArn(logicalId: string): string {
  return `arn:aws:dynamodb:eu-central-1:123456789012:table/${logicalId}`;
}

export function connectionArn(method: string, id: string): string {
  return `arn:aws:execute-api:eu-central-1:123456789012:WebsocketsApi/prod/${method}/@connections/${id}`;
}

export function functionArn(functionName: string): string {
  const name = functionName.split('-').at(-1)!;
  return `${name[0]!.toUpperCase()}${name.slice(1)}LambdaFunction.Arn`;
}

/** Resolves an ARN of the template for account 123456789012, with each resource named by its logical id. */
function arnOf(value: Json): string {
  if (typeof value === 'string') return value;
  const [id, attribute] = value['Fn::GetAtt'] ?? [];
  if (id) return ATTRIBUTES[`${id}.${attribute}`] ?? `${id}.${attribute}`;
  const names: Record<string, string> = {
    ...ATTRIBUTES,
    ...{ 'AWS::Partition': 'aws', 'AWS::Region': 'eu-central-1', 'AWS::AccountId': '123456789012' },
  };
  return value['Fn::Sub'].replaceAll(/\$\{([^}]+)\}/g, (_: string, name: string) => names[name] ?? name);
}

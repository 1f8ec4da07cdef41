import { idsIn } from './references.ts';
import { type Json, type Resource, resourcesOf, type Template } from './stack.ts';

/** A rule that a valid template can still break. test/aws/check.test.ts breaks each rule with a template of its own. */
export interface Rule {
  name: string;
  /** @returns one sentence for each breach of the rule */
  broken: (template: Template) => string[];
}

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

const alarms = (template: Template) => resourcesOf(template, 'AWS::CloudWatch::Alarm');
const mappingsOf = (template: Template, attribute: string) =>
  resourcesOf(template, 'AWS::Lambda::EventSourceMapping').filter(
    ([, { Properties }]) => Properties.EventSourceArn['Fn::GetAtt'][1] === attribute,
  );
const mappings = (template: Template) => mappingsOf(template, 'StreamArn');
const functions = (template: Template) => resourcesOf(template, 'AWS::Lambda::Function');
const roles = (template: Template) => resourcesOf(template, 'AWS::IAM::Role');
const stages = (template: Template) => resourcesOf(template, 'AWS::ApiGatewayV2::Stage');
const tables = (template: Template) => resourcesOf(template, 'AWS::DynamoDB::Table');

/** Returns the secrets that the distribution adds to the requests that it forwards to the APIs, one for each API. */
const sentSecrets = (template: Template): string[] =>
  resourcesOf(template, 'AWS::CloudFront::Distribution').flatMap(([, { Properties }]) =>
    Properties.DistributionConfig.Origins.flatMap(({ CustomOriginConfig, OriginCustomHeaders = [] }: Json) =>
      CustomOriginConfig ? OriginCustomHeaders.map(({ HeaderValue }: Json) => HeaderValue) : [],
    ),
  );

/**
 * Returns the functions that strangers can reach: those of the HTTP API, and `$connect`. All other WebSocket routes
 * need a connection.
 */
const entrances = (template: Template): [string, Resource][] =>
  resourcesOf(template, 'AWS::Lambda::Permission')
    .filter(
      ([, { Properties }]) =>
        idsIn(Properties.SourceArn).has('HttpApi') || Properties.SourceArn['Fn::Sub']?.endsWith('/$connect'),
    )
    .map(([, { Properties }]) => Properties.FunctionName['Fn::GetAtt'][0])
    .map((id) => [id, template.Resources[id]!]);

/** Returns the functions that no API and no user pool invokes. If one of them fails, no client gets an error. */
const unattended = (template: Template): [string, Resource][] => {
  const attended = resourcesOf(template, 'AWS::Lambda::Permission').flatMap(([, { Properties }]) => [
    ...idsIn(Properties.FunctionName),
  ]);
  return functions(template).filter(([id]) => !attended.includes(id));
};

/** Makes a rule that every resource of a kind must satisfy. A template without such a resource breaks the rule. */
function every(
  name: string,
  of: (template: Template) => [string, Resource][],
  holds: (resource: Resource, id: string, template: Template) => boolean,
): Rule {
  const broken = (template: Template) => {
    const resources = readable(() => of(template)) ?? [];
    if (resources.length === 0) return [`${name}: there is nothing to hold it against`];
    return resources
      .filter(([id, resource]) => !readable(() => holds(resource, id, template)))
      .map(([id]) => `${id}: ${name}`);
  };
  return { name, broken };
}

/** Like `every`, but a template without such a resource does not break the rule. */
function everyIfAny(name: string, of: Parameters<typeof every>[1], holds: Parameters<typeof every>[2]): Rule {
  const { broken } = every(name, of, holds);
  return { name, broken: (template) => (of(template).length === 0 ? [] : broken(template)) };
}

/**
 * Reads from a template.
 * @returns undefined if a property on the path to the value is missing. The template then breaks the rule.
 */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const named = (id: string) => (template: Template) =>
  Object.entries(template.Resources).filter(([name]) => name === id);

const statements = ({ Properties }: Resource): Json[] =>
  (Properties.Policies ?? []).flatMap(({ PolicyDocument }: Json) => PolicyDocument.Statement);
const actions = (statement: Json): string[] => [statement.Action].flat();

const webSocketStage = ({ Resources }: Template): string => Resources.WebsocketsDeploymentStage!.Properties.StageName;

/** Returns the paths of both APIs: the routes of the HTTP API, and the stage of the WebSocket API. */
const pathsOfApis = (template: Template): string[] => [
  ...resourcesOf(template, 'AWS::ApiGatewayV2::Route')
    .filter(([, { Properties }]) => Properties.ApiId.Ref === 'HttpApi')
    .map(([, { Properties }]) => Properties.RouteKey.split(' ')[1]),
  `/${webSocketStage(template)}`,
];

/**
 * Roles that may post to connections. `$connect` and `authenticate` post `replaced` to a person's oldest connection if
 * the person has too many.
 */
const MAY_POST = /^(FanOut|Redrive|Deliver|Connect|Authenticate)Role$/;

export const rules: readonly Rule[] = [
  every(
    'a stream is read from its beginning (TRIM_HORIZON)',
    mappings,
    ({ Properties }) => Properties.StartingPosition === 'TRIM_HORIZON',
  ),
  every('a batch reports what failed (ReportBatchItemFailures)', mappings, ({ Properties }) =>
    Properties.FunctionResponseTypes?.includes('ReportBatchItemFailures'),
  ),
  every(
    'a batch is retried for a finite time, split, and then reported',
    mappings,
    ({ Properties }) =>
      Properties.MaximumRecordAgeInSeconds > 0 &&
      Properties.BisectBatchOnFunctionError === true &&
      Properties.DestinationConfig?.OnFailure?.Destination !== undefined,
  ),
  every(
    'a batch is no larger than ten transactions number (900)',
    mappings,
    ({ Properties }) => Properties.BatchSize <= 900,
  ),
  every(
    'a queue uses little of the concurrency, and leaves what fails to another queue',
    (template) => mappingsOf(template, 'Arn'),
    ({ Properties }, _, template) => {
      const queue = template.Resources[Properties.EventSourceArn['Fn::GetAtt'][0]];
      return (
        Properties.BatchSize === 1 &&
        Properties.ScalingConfig?.MaximumConcurrency <= 5 &&
        queue?.Properties.RedrivePolicy?.maxReceiveCount > 1
      );
    },
  ),
  every('API Gateway logs no payloads', stages, ({ Properties }) =>
    [Properties.DefaultRouteSettings, ...Object.values<Json>(Properties.RouteSettings ?? {})].every(
      (settings) => !settings?.DataTraceEnabled,
    ),
  ),
  every('access logs are kept', stages, ({ Properties }) => Properties.AccessLogSettings?.DestinationArn !== undefined),
  every(
    'a WebSocket stage waits for the role that its logs are written with',
    named('WebsocketsDeploymentStage'),
    (stage) => Boolean(stage.DependsOn?.includes('ApiGatewayAccount')),
  ),
  every('a stage is throttled, and no route beyond it', stages, ({ Properties }) => {
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = Properties.DefaultRouteSettings ?? {};
    const routes = Object.values<Json>(Properties.RouteSettings ?? {});
    return (
      rate > 0 &&
      burst > 0 &&
      routes.every((route) => route.ThrottlingRateLimit <= rate && route.ThrottlingBurstLimit <= burst)
    );
  }),
  every('state ends by itself (TTL)', named('StateTable'), ({ Properties }) =>
    Boolean(Properties.TimeToLiveSpecification?.Enabled),
  ),
  every('the log can be restored to any second (PITR)', named('EventsTable'), ({ Properties }) =>
    Boolean(Properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled),
  ),
  every(
    'the log outlives the stack (Retain) and is protected against deletion',
    named('EventsTable'),
    ({ Properties, DeletionPolicy, UpdateReplacePolicy }) =>
      DeletionPolicy === 'Retain' && UpdateReplacePolicy === 'Retain' && Properties.DeletionProtectionEnabled === true,
  ),
  {
    name: 'tables with indexes are made one after the other',
    broken: (template) => {
      const indexed = tables(template).filter(([, { Properties }]) => Properties?.GlobalSecondaryIndexes?.length > 0);
      const first = indexed.filter(([id, table]) =>
        indexed.every(([other]) => other === id || !idsIn(table).has(other)),
      );
      return first.length === 1
        ? []
        : [`${first.map(([id]) => id).join(', ')}: tables with indexes are made one after the other`];
    },
  },
  every('a table is encrypted with a key that CloudTrail shows', tables, ({ Properties }) =>
    Boolean(Properties.SSESpecification?.SSEEnabled),
  ),
  every(
    'a function runs on nodejs24.x and arm64, traced',
    functions,
    ({ Properties }) =>
      Properties.Runtime === 'nodejs24.x' &&
      Properties.Architectures?.[0] === 'arm64' &&
      Properties.TracingConfig?.Mode === 'Active',
  ),
  every('a function has a role of its own', functions, ({ Properties }, id, template) => {
    const role = Properties.Role?.['Fn::GetAtt']?.[0];
    return (
      role in template.Resources &&
      functions(template).every(([other, fn]) => other === id || fn.Properties.Role?.['Fn::GetAtt']?.[0] !== role)
    );
  }),
  every(
    'a function is invoked only by a source that the stack names (SourceArn)',
    (template) => resourcesOf(template, 'AWS::Lambda::Permission'),
    ({ Properties: { SourceArn } }) => idsIn({ SourceArn }).size > 0,
  ),
  every(
    'a role lies under /shout-box/ and inside the boundary',
    roles,
    ({ Properties }) =>
      Properties.Path === '/shout-box/' &&
      /:policy\/boundary-of-shout-box$/.test(Properties.PermissionsBoundary['Fn::Sub']),
  ),
  every('no role allows an action by wildcard', roles, (role) =>
    statements(role).every((statement) => actions(statement).every((action) => !action.includes('*'))),
  ),
  every('no role allows anything on every resource, but X-Ray', roles, (role) =>
    statements(role).every(
      (statement) =>
        ![statement.Resource].flat().includes('*') || actions(statement).every((action) => action.startsWith('xray:')),
    ),
  ),
  every(
    'only what delivers, and what replaces a connection, posts; others at most close, of this API and stage',
    roles,
    (role, id, template) =>
      statements(role)
        .filter((statement) => actions(statement).includes('execute-api:ManageConnections'))
        .every(({ Resource: { 'Fn::Sub': arn = '' } }) =>
          ['DELETE', ...(MAY_POST.test(id) ? ['POST'] : [])].some((method) =>
            arn.endsWith(`:\${WebsocketsApi}/${webSocketStage(template)}/${method}/@connections/*`),
          ),
        ),
  ),
  every(
    "the management endpoint is API Gateway's own, whatever name clients use",
    (template) =>
      functions(template).filter(([, { Properties }]) => Properties.Environment?.Variables.CONNECTIONS_ENDPOINT),
    ({ Properties }) =>
      /^https:\/\/\$\{WebsocketsApi\}\.execute-api\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}\/[\w-]+$/.test(
        Properties.Environment.Variables.CONNECTIONS_ENDPOINT['Fn::Sub'],
      ),
  ),
  every(
    'the distribution hands the APIs everything but Host, and keeps only /config',
    (template) => resourcesOf(template, 'AWS::CloudFront::Distribution'),
    ({ Properties: { DistributionConfig } }, _, template) => {
      const ofApis = DistributionConfig.CacheBehaviors.filter(({ TargetOriginId }: Json) => TargetOriginId !== 'site');
      const paths = ofApis.map(({ PathPattern }: Json) => PathPattern);
      return (
        paths.sort().join() === pathsOfApis(template).sort().join() &&
        ofApis.every(
          ({ PathPattern, CachePolicyId, OriginRequestPolicyId }: Json) =>
            OriginRequestPolicyId === ALL_VIEWER_EXCEPT_HOST_HEADER &&
            (PathPattern === '/config' ? CachePolicyId.Ref === 'ConfigCache' : CachePolicyId === CACHING_DISABLED),
        )
      );
    },
  ),
  every(
    'the distribution proves itself to both APIs, with a secret that is not in the template',
    (template) => resourcesOf(template, 'AWS::CloudFront::Distribution'),
    (_, __, template) => {
      const secrets = sentSecrets(template);
      return secrets.length === 2 && secrets.every((secret) => /^\{\{resolve:ssm:[\w/-]+:\d+\}\}$/.test(secret));
    },
  ),
  every(
    'a function that strangers reach lets in what the distribution sends, and nothing else',
    entrances,
    ({ Properties }, _, template) => {
      const accepted = Properties.Environment.Variables.ORIGIN_SECRETS['Fn::Sub'].split(',');
      return accepted.length === 2 && sentSecrets(template).every((secret) => accepted.includes(secret));
    },
  ),
  every(
    'nobody frames the pages of a sign-in, and only ALLOWED_ORIGINS the box',
    (template) => resourcesOf(template, 'AWS::CloudFront::Distribution'),
    ({ Properties: { DistributionConfig } }, _, { Resources }) => {
      const ancestors = ({ ResponseHeadersPolicyId }: Json): string | undefined => {
        const { SecurityHeadersConfig } =
          Resources[ResponseHeadersPolicyId.Ref]!.Properties.ResponseHeadersPolicyConfig;
        const { ContentSecurityPolicy, ReferrerPolicy } = SecurityHeadersConfig;
        if (!ContentSecurityPolicy.Override || ReferrerPolicy.ReferrerPolicy !== 'no-referrer') return undefined;
        return /^default-src 'none'; .*frame-ancestors (.+)$/.exec(ContentSecurityPolicy.ContentSecurityPolicy)?.[1];
      };
      const page = (path: string) =>
        DistributionConfig.CacheBehaviors.find(({ PathPattern }: Json) => PathPattern === path);
      return (
        ancestors(page('/sign-in.html')) === "'none'" &&
        ancestors(page('/callback.html')) === "'none'" &&
        /^'self'( https:\S+)*$/.test(ancestors(DistributionConfig.DefaultCacheBehavior) ?? '')
      );
    },
  ),
  everyIfAny(
    'people who registered outlive the stack, and register themselves with the one plan that lets them choose a name',
    (template) => resourcesOf(template, 'AWS::Cognito::UserPool'),
    ({ Properties, DeletionPolicy, UpdateReplacePolicy }) =>
      DeletionPolicy === 'RetainExceptOnCreate' &&
      UpdateReplacePolicy === 'Retain' &&
      Properties.AdminCreateUserConfig.AllowAdminCreateUserOnly === false &&
      Properties.UserPoolTier === 'ESSENTIALS' &&
      Properties.Schema.some(({ Name, Required }: Json) => Name === 'nickname' && Required) &&
      Properties.LambdaConfig.PreTokenGenerationConfig.LambdaVersion === 'V2_0',
  ),
  everyIfAny(
    'the pages of a user pool have a style, without which they show nothing',
    (template) => resourcesOf(template, 'AWS::Cognito::UserPoolDomain'),
    ({ Properties }, _, template) =>
      Properties.ManagedLoginVersion === 2 &&
      resourcesOf(template, 'AWS::Cognito::ManagedLoginBranding').some(
        ([, style]) =>
          style.Properties.UserPoolId.Ref === Properties.UserPoolId.Ref &&
          (style.Properties.UseCognitoProvidedValues || style.Properties.Settings),
      ),
  ),
  everyIfAny(
    'a client of a user pool has no secret, gets codes only, and only at the callback of the site',
    (template) => resourcesOf(template, 'AWS::Cognito::UserPoolClient'),
    ({ Properties }, _, { Outputs }) => {
      const [callback, ...others] = Properties.CallbackURLs;
      const [address, { Name }] = callback['Fn::Sub'];
      return (
        Properties.GenerateSecret === false &&
        Properties.AllowedOAuthFlows.join() === 'code' &&
        others.length === 0 &&
        /^https:\/\/\$\{Name\}\/callback\.html$/.test(address) &&
        JSON.stringify(Name) === JSON.stringify(Outputs.SiteUrl!.Value['Fn::Sub'][1].Name)
      );
    },
  ),
  every(
    'logs end after a while',
    (template) => resourcesOf(template, 'AWS::Logs::LogGroup'),
    ({ Properties }) => Properties.RetentionInDays > 0,
  ),
  every(
    'what API Gateway logs goes to a group under /aws/vendedlogs/',
    stages,
    ({ Properties: { AccessLogSettings } }, _, { Resources }) =>
      [...idsIn(AccessLogSettings)].some((id) =>
        /^\/aws\/vendedlogs\/shout-box-/.test(Resources[id]?.Properties.LogGroupName),
      ),
  ),
  every('a function logs to a group of the stack', functions, ({ Properties }, _, template) =>
    resourcesOf(template, 'AWS::Logs::LogGroup').some(
      ([, group]) => group.Properties.LogGroupName === `/aws/lambda/${Properties.FunctionName}`,
    ),
  ),
  every(
    'a table, a queue, and a function that nobody waits for have an alarm',
    (template) => [...tables(template), ...resourcesOf(template, 'AWS::SQS::Queue'), ...unattended(template)],
    (_, id, template) => alarms(template).some(([, alarm]) => idsIn(alarm).has(id)),
  ),
  every(
    'the operator hears of what the account spends, and of what it will have spent',
    (template) => resourcesOf(template, 'AWS::Budgets::Budget'),
    ({ Properties: { NotificationsWithSubscribers } }) =>
      ['ACTUAL', 'FORECASTED'].every((type) =>
        NotificationsWithSubscribers.some(
          ({ Notification, Subscribers }: Json) => Notification.NotificationType === type && Subscribers[0].Address,
        ),
      ),
  ),
  every(
    'an alarm tells somebody, when it starts and when it ends',
    alarms,
    ({ Properties }) => Properties.AlarmActions?.length > 0 && Properties.OKActions?.length > 0,
  ),
];

export function checkRules(template: Template): string[] {
  return rules.flatMap(({ broken }) => broken(template));
}

import type { Request } from './iam.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const role = `arn:aws:iam::${ACCOUNT}:role/shout-box/shout-box-prod-PingRole-1A2B3C`;
export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary-of-shout-box`;
export const LOG_POLICY = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/** Returns requests for actions of one service on one resource. @param names the actions, separated by spaces */
const on = (resource: string, service: string, names: string, context: Request['context'] = {}): Request[] =>
  names.split(' ').map((name) => ({ action: `${service}:${name}`, resource, context }));
const inside = { 'iam:PermissionsBoundary': BOUNDARY };

const apis = ['apis', 'apis/a1b2/routes', 'apis/a1b2/stages/prod'].flatMap((path) =>
  on(`arn:aws:apigateway:${REGION}::/${path}`, 'apigateway', 'GET POST PUT PATCH DELETE'),
);
const cloudFront = (resource: string, names: string) =>
  on(`arn:aws:cloudfront::${ACCOUNT}:${resource}`, 'cloudfront', names);
const alarm = arn('cloudwatch', 'alarm:shout-box-prod-iterator-age');
const lambda = arn('lambda', 'function:shout-box-prod-ping');
const logGroup = arn('logs', 'log-group:/aws/lambda/shout-box-prod-ping');
const queue = arn('sqs', 'shout-box-prod-parked-events');
const topic = arn('sns', 'shout-box-prod-alarms');
const bucket = 'arn:aws:s3:::shout-box-prod-sitebucket-1a2b3c';
const zone = 'arn:aws:route53:::hostedzone/Z1';
const pool = arn('cognito-idp', 'userpool/eu-central-1_Example12');

/**
 * The requests that CloudFormation makes with the deployer's credentials to create, read, update and delete a resource,
 * by the resource's type. Source: the `handlers` of the type (`aws cloudformation describe-type --type RESOURCE
 * --type-name AWS::IAM::Role`). Requests for properties that this stack does not use are left out, such as those for a
 * VPC, customer managed keys and replication.
 */
export const handlerPermissions: Record<string, Request[]> = {
  'AWS::ApiGateway::Account': [
    ...on(`arn:aws:apigateway:${REGION}::/account`, 'apigateway', 'GET PATCH'),
    ...on(role, 'iam', 'GetRole'),
    ...on(role, 'iam', 'PassRole', { 'iam:PassedToService': 'apigateway.amazonaws.com' }),
  ],
  'AWS::ApiGatewayV2::Api': apis,
  'AWS::ApiGatewayV2::Deployment': apis,
  'AWS::ApiGatewayV2::Integration': apis,
  'AWS::ApiGatewayV2::Route': apis,
  'AWS::ApiGatewayV2::RouteResponse': apis,
  'AWS::ApiGatewayV2::Stage': [
    ...apis,
    ...on(`arn:aws:apigateway:${REGION}::/apis/a1b2/stages/prod`, 'apigateway', 'TagResource UntagResource'),
    // Needed for access logs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    ...on(
      '*',
      'logs',
      'CreateLogDelivery DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies GetLogDelivery ListLogDeliveries PutResourcePolicy UpdateLogDelivery',
    ),
  ],
  'AWS::Budgets::Budget': on(
    `arn:aws:budgets::${ACCOUNT}:budget/shout-box-prod`,
    'budgets',
    'ModifyBudget ViewBudget TagResource UntagResource ListTagsForResource',
  ),
  'AWS::CloudFront::CachePolicy': cloudFront(
    'cache-policy/x',
    'CreateCachePolicy GetCachePolicy UpdateCachePolicy DeleteCachePolicy',
  ),
  'AWS::CloudFront::Distribution': [
    ...cloudFront(
      'distribution/E1',
      'CreateDistribution CreateDistributionWithTags DeleteDistribution GetDistribution GetDistributionConfig ListTagsForResource TagResource UntagResource UpdateDistribution',
    ),
    ...on(`arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/box/1`, 'wafv2', 'GetWebACL'),
  ],
  'AWS::CloudFront::OriginAccessControl': cloudFront(
    'origin-access-control/x',
    'CreateOriginAccessControl GetOriginAccessControl UpdateOriginAccessControl DeleteOriginAccessControl',
  ),
  'AWS::CloudFront::ResponseHeadersPolicy': cloudFront(
    'response-headers-policy/x',
    'CreateResponseHeadersPolicy GetResponseHeadersPolicy UpdateResponseHeadersPolicy DeleteResponseHeadersPolicy',
  ),
  'AWS::CloudWatch::Alarm': on(
    alarm,
    'cloudwatch',
    'PutMetricAlarm DescribeAlarms DeleteAlarms ListTagsForResource TagResource UntagResource',
  ),
  'AWS::CloudWatch::Dashboard': on(
    `arn:aws:cloudwatch::${ACCOUNT}:dashboard/shout-box-prod-eu-central-1`,
    'cloudwatch',
    'PutDashboard GetDashboard DeleteDashboards',
  ),
  'AWS::Cognito::UserPool': on(
    pool,
    'cognito-idp',
    'CreateUserPool DescribeUserPool UpdateUserPool DeleteUserPool GetUserPoolMfaConfig SetUserPoolMfaConfig ListTagsForResource TagResource UntagResource',
  ),
  'AWS::Cognito::ManagedLoginBranding': on(
    pool,
    'cognito-idp',
    'CreateManagedLoginBranding DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient UpdateManagedLoginBranding DeleteManagedLoginBranding',
  ),
  'AWS::Cognito::UserPoolGroup': on(pool, 'cognito-idp', 'CreateGroup GetGroup UpdateGroup DeleteGroup'),
  'AWS::Cognito::UserPoolClient': on(
    pool,
    'cognito-idp',
    'CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient',
  ),
  'AWS::Cognito::UserPoolDomain': on(
    '*',
    'cognito-idp',
    'CreateUserPoolDomain DescribeUserPoolDomain UpdateUserPoolDomain DeleteUserPoolDomain',
  ),
  'AWS::DynamoDB::Table': [
    ...on(
      arn('dynamodb', 'table/shout-box-prod-events'),
      'dynamodb',
      'CreateTable DescribeTable UpdateTable DeleteTable DescribeContinuousBackups UpdateContinuousBackups DescribeTimeToLive UpdateTimeToLive DescribeContributorInsights DescribeKinesisStreamingDestination GetResourcePolicy ListTagsOfResource TagResource UntagResource',
    ),
    ...on('*', 'kms', 'DescribeKey'),
  ],
  'AWS::IAM::Role': [
    ...on(role, 'iam', 'CreateRole PutRolePermissionsBoundary PutRolePolicy', inside),
    ...on(role, 'iam', 'AttachRolePolicy', { ...inside, 'iam:PolicyARN': LOG_POLICY }),
    // DeleteRolePermissionsBoundary is left out, because every role of the stack keeps its boundary.
    ...on(
      role,
      'iam',
      'DeleteRole DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription',
    ),
  ],
  'AWS::Lambda::EventSourceMapping': [
    ...on(
      '*',
      'lambda',
      'CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping',
      {
        'lambda:FunctionArn': lambda,
      },
    ),
    ...on(arn('lambda', 'event-source-mapping:1a2b'), 'lambda', 'ListTags TagResource UntagResource'),
  ],
  'AWS::Lambda::Function': [
    ...on(
      lambda,
      'lambda',
      'CreateFunction GetFunction DeleteFunction UpdateFunctionCode UpdateFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig PutFunctionConcurrency DeleteFunctionConcurrency TagResource UntagResource',
    ),
    ...on(role, 'iam', 'PassRole', { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    ...on('arn:aws:s3:::shout-box-prod-serverlessdeploymentbucket-1a2b/serverless/ping.zip', 's3', 'GetObject'),
  ],
  'AWS::Lambda::Permission': on(lambda, 'lambda', 'AddPermission GetPolicy RemovePermission'),
  'AWS::Logs::LogGroup': ['', ':*', '/access'].flatMap((suffix) =>
    on(
      suffix === '/access'
        ? arn('logs', 'log-group:/aws/vendedlogs/shout-box-prod/http-api:*')
        : `${logGroup}${suffix}`,
      'logs',
      'CreateLogGroup DeleteLogGroup DescribeLogGroups DescribeIndexPolicies GetDataProtectionPolicy ListTagsForResource PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource',
    ),
  ),
  'AWS::Route53::RecordSetGroup': [
    ...on(zone, 'route53', 'ChangeResourceRecordSets', {
      'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA'],
    }),
    ...on(zone, 'route53', 'GetHostedZone ListResourceRecordSets'),
    ...on('arn:aws:route53:::change/C1', 'route53', 'GetChange'),
  ],
  'AWS::S3::Bucket': on(
    bucket,
    's3',
    'CreateBucket DeleteBucket PutEncryptionConfiguration PutBucketPublicAccessBlock PutBucketOwnershipControls PutBucketTagging ListBucket GetBucketPolicy GetBucketLocation',
  ),
  'AWS::S3::BucketPolicy': on(bucket, 's3', 'PutBucketPolicy GetBucketPolicy DeleteBucketPolicy'),
  'AWS::SNS::Subscription': on(
    `${topic}:1a2b`,
    'sns',
    'Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes',
  ),
  'AWS::SNS::Topic': on(
    topic,
    'sns',
    'CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy ListSubscriptionsByTopic ListTagsForResource TagResource UntagResource',
  ),
  'AWS::SNS::TopicPolicy': on(topic, 'sns', 'SetTopicAttributes'),
  'AWS::SQS::Queue': on(
    queue,
    'sqs',
    'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue',
  ),
  'AWS::SQS::QueuePolicy': on(queue, 'sqs', 'SetQueueAttributes'),
};

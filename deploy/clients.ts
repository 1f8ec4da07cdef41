import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** Request fields whose values are named in errors, to say what the request was about. */
const SUBJECTS = ['StackName', 'TableName', 'Bucket', 'Key', 'DistributionId', 'Name', 'Names', 'UserPoolId'];

/** Creates the clients of a deployment. Their errors name the call, what it was about, and the region. */
export function awsClients(region: string) {
  return {
    cloudFormation: naming(new CloudFormationClient({ region }), region),
    cloudFront: naming(new CloudFrontClient({ region }), region),
    cognito: naming(new CognitoIdentityProviderClient({ region }), region),
    dynamodb: naming(new DynamoDBClient({ region }), region),
    s3: naming(new S3Client({ region }), region),
    ssm: naming(new SSMClient({ region }), region),
    sts: naming(new STSClient({ region }), region),
  };
}

export type AwsClients = ReturnType<typeof awsClients>;

interface Client {
  middlewareStack: { add(middleware: unknown, options: { step: 'initialize'; name: string }): void };
}

/**
 * Makes each error message of a client begin with the call, such as `S3 PutObject (box/shout-box.js) in eu-central-1:`.
 * The name and class of an error stay the same, because callers tell errors apart by them.
 */
function naming<T extends Client>(client: T, region: string): T {
  type Next = (args: { input: Record<string, unknown> }) => Promise<unknown>;
  const middleware =
    (next: Next, { clientName = '', commandName = '' }) =>
    async (args: { input: Record<string, unknown> }) => {
      try {
        return await next(args);
      } catch (error) {
        const call = `${clientName.replace('Client', '')} ${commandName.replace('Command', '')}`;
        const subject = SUBJECTS.map((name) => args.input[name]).filter(Boolean);
        // If a host has several IP addresses and none answers, the AggregateError has no message of its own.
        const { message, code, errors = [] } = error as Error & { code?: string; errors?: Error[] };
        const reason = message || errors[0]?.message || code;
        (error as Error).message = `${call} (${subject.join('/') || 'no name'}) in ${region}: ${reason}`;
        throw error;
      }
    };
  client.middlewareStack.add(middleware, { step: 'initialize', name: 'nameTheCall' });
  return client;
}

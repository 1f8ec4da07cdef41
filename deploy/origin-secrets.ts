import { randomBytes } from 'node:crypto';
import {
  DeleteParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';

/**
 * The distribution sends one of two secrets to the APIs. The APIs accept either of them, and refuse all other requests.
 * So the secret that is not sent can be replaced without an interruption (docs/operations.md).
 */
const SECRETS = ['a', 'b'] as const;
const nameOf = (stack: string, secret: string) => `/${stack}/origin-secret-${secret}`;

/**
 * Creates those of the two secrets that are missing.
 *
 * @returns the version of each secret, as values for `${param:…}` in serverless.yml. The template names the versions,
 *   because CloudFormation updates a resource that refers to a secret only if the template changes.
 */
export async function ensureOriginSecrets(client: SSMClient, stack: string): Promise<Record<string, string>> {
  const Names = SECRETS.map((secret) => nameOf(stack, secret));
  const { Parameters = [] } = await client.send(new GetParametersCommand({ Names }));
  const versions = SECRETS.map(async (secret) => {
    const name = nameOf(stack, secret);
    const version = Parameters.find(({ Name }) => Name === name)?.Version ?? (await create(client, name));
    return [`originSecret${secret.toUpperCase()}`, String(version)];
  });
  return Object.fromEntries(await Promise.all(versions));
}

/**
 * Creates a secret as a plain String, because CloudFormation cannot put a SecureString into functions or distributions.
 */
async function create(client: SSMClient, Name: string): Promise<number> {
  const Value = randomBytes(32).toString('base64url');
  const Description = 'What the CloudFront distribution of shout-box proves itself with to its APIs';
  const { Version = 1 } = await client.send(new PutParameterCommand({ Name, Value, Description, Type: 'String' }));
  return Version;
}

export async function deleteOriginSecrets(client: SSMClient, stack: string): Promise<void> {
  await client.send(new DeleteParametersCommand({ Names: SECRETS.map((secret) => nameOf(stack, secret)) }));
}

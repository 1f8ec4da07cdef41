import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown> & { TableName?: string };
}

/**
 * The properties of an AWS::DynamoDB::Table that are passed to CreateTable unchanged. `createTable` also passes the
 * stream. Other properties, such as point-in-time recovery and TTL, are left out: a local stack does not need them.
 */
const createTableProperties = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
] as const;

const ACTIVE_WITHIN_SECONDS = 30;

/** Creates the missing tables of the CloudFormation resources, and waits until all are active. */
export async function createTables(
  client: DynamoDBClient,
  resources: Readonly<Record<string, Resource>>,
): Promise<void> {
  const tables = Object.values(resources).filter(({ Type }) => Type === 'AWS::DynamoDB::Table');
  await Promise.all(tables.map((table) => createTable(client, table)));
}

async function createTable(client: DynamoDBClient, { Properties }: Resource): Promise<void> {
  const input = Object.fromEntries(
    createTableProperties.filter((name) => name in Properties).map((name) => [name, Properties[name]]),
  ) as unknown as CreateTableCommandInput;
  const stream = Properties.StreamSpecification as CreateTableCommandInput['StreamSpecification'] | undefined;
  try {
    await client.send(
      new CreateTableCommand({ ...input, ...(stream && { StreamSpecification: { ...stream, StreamEnabled: true } }) }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client, maxWaitTime: ACTIVE_WITHIN_SECONDS, minDelay: 1, maxDelay: 1 },
    { TableName: Properties.TableName },
  );
}

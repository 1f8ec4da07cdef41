import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * X-Ray's SDK; undefined outside Lambda. It makes every await of its process nine times slower, so only the bundles of
 * the read API contain it. The local stack does not load it, because all functions share one process there.
 *
 * The SDK must be loaded before the first invocation. `require` waits for the load, `import()` does not.
 */
const xray: typeof import('aws-xray-sdk-core') | undefined = process.env.AWS_XRAY_DAEMON_ADDRESS
  ? require('aws-xray-sdk-core')
  : undefined;

/** Makes each call of the client a subsegment of the invocation's trace, on Lambda only. */
export function traced(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  return xray ? xray.captureAWSv3Client(client) : client;
}

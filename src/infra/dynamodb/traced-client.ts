import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * X-Ray's SDK; undefined outside Lambda. Once the SDK is loaded, every await of the process is nine times slower. So
 * only the bundles of the read API contain it. The local stack does not load it, because all functions share one
 * process there. The SDK sets up its context while it loads, and needs the context before the first invocation. So
 * `require` loads it, and not `import()`, which returns before the SDK is loaded.
 */
const xray: typeof import('aws-xray-sdk-core') | undefined = process.env.AWS_XRAY_DAEMON_ADDRESS
  ? require('aws-xray-sdk-core')
  : undefined;

/** Makes each call of the client a subsegment of the invocation's trace, on Lambda only. */
export function traced(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  return xray ? xray.captureAWSv3Client(client) : client;
}

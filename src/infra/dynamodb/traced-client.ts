import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * X-Ray's SDK, where X-Ray is: on Lambda. Loading it makes every await of the process nine times slower, so it is kept
 * out of the functions that write and deliver, and off one machine, where all functions share one process. It has to be
 * loaded before the first invocation, as that is when it learns its context; hence no `import()`.
 */
const xray: typeof import('aws-xray-sdk-core') | undefined = process.env.AWS_XRAY_DAEMON_ADDRESS
  ? require('aws-xray-sdk-core')
  : undefined;

/** Each call becomes a subsegment of the invocation's trace. */
export function traced(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  return xray ? xray.captureAWSv3Client(client) : client;
}

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Json } from '../../deploy/check/stack.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../dynamodb.ts';
import { type Call, connectionArn, functionArn, tableArn } from './policies.ts';

const LOGICAL_IDS: Record<string, string> = { [EVENTS_TABLE]: 'EventsTable', [STATE_TABLE]: 'StateTable' };

/** The action that each part of a transaction needs permission for. IAM has no action for the transaction itself. */
const TRANSACTION_PARTS: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/**
 * Records every call from the functions to AWS. Passes calls to DynamoDB on to a real engine, and answers the others
 * itself. In these tests, each function signs with its own name as the access key id, so the signature names the
 * caller. On AWS, a function signs with the key of its role.
 */
export class Recorder {
  readonly calls: Call[] = [];
  /** Ids of connections that are gone. */
  readonly gone = new Set<string>();
  /** Bodies of the messages sent to the queue. */
  readonly parked: Json[] = [];
  refusesTransactions = false;
  /** Answers in place of Lambda's `Invoke`, by which one function calls another. */
  invoke: (functionName: string, event: Json) => Promise<Json> = async () => ({});
  readonly #server;

  private constructor(dynamodb: URL) {
    this.#server = createServer(async (incoming, answer) => {
      const body = await buffer(incoming);
      const { url = '', method = '', headers } = incoming;
      const [, connectionId] = /\/@connections\/(.+)$/.exec(url) ?? [];
      if (connectionId) {
        const id = decodeURIComponent(connectionId);
        this.#record(incoming, 'execute-api:ManageConnections', connectionArn(method, id));
        answer.writeHead(this.gone.has(id) ? 410 : 200).end();
        return;
      }
      const [, functionName] = /\/functions\/([^/]+)\/invocations$/.exec(url) ?? [];
      if (functionName) {
        this.#record(incoming, 'lambda:InvokeFunction', functionArn(functionName));
        answer.end(JSON.stringify(await this.invoke(functionName, JSON.parse(body.toString()))));
        return;
      }
      const [service, operation] = String(headers['x-amz-target']).split('.') as [string, string];
      if (service === 'AmazonSQS') {
        this.#record(incoming, `sqs:${operation}`, 'ParkedEvents.Arn');
        const { MessageBody } = JSON.parse(body.toString());
        this.parked.push(JSON.parse(MessageBody));
        const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
        answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
        answer.end(JSON.stringify({ MessageId: '1', MD5OfMessageBody }));
        return;
      }
      for (const [action, resource] of touched(operation, JSON.parse(body.toString()))) {
        this.#record(incoming, `dynamodb:${action}`, resource);
      }
      if (operation === 'TransactWriteItems' && this.refusesTransactions) {
        const __type = 'com.amazonaws.dynamodb.v20120810#ValidationException';
        answer.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ __type }));
        return;
      }
      const forward = request(dynamodb, { method, path: url, headers }, (reply) => {
        answer.writeHead(reply.statusCode!, reply.headers);
        reply.pipe(answer);
      });
      forward.end(body);
    });
  }

  static async start(dynamodb: string): Promise<Recorder> {
    const recorder = new Recorder(new URL(dynamodb));
    await new Promise<void>((resolve) => recorder.#server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #record({ headers }: IncomingMessage, action: string, resource: string): void {
    const [, caller = ''] = /Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
    this.calls.push({ function: caller, action, resource });
  }
}

/** Returns the actions on tables and indexes that a DynamoDB request needs permission for. */
function touched(operation: string, input: Json): [action: string, resource: string][] {
  const arn = (table: string, index?: string) => tableArn(LOGICAL_IDS[table]!) + (index ? `/index/${index}` : '');
  if (operation === 'TransactWriteItems') {
    return input.TransactItems.flatMap((item: Json) =>
      Object.entries<Json>(item).map(([part, { TableName }]) => [TRANSACTION_PARTS[part], arn(TableName)]),
    );
  }
  if (input.RequestItems) return Object.keys(input.RequestItems).map((table) => [operation, arn(table)]);
  return [[operation, arn(input.TableName, input.IndexName)]];
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Json } from '../../deploy/check/stack.ts';
import { FakeCloudFormation } from './fake-cloudformation.ts';
import { FakeCognito } from './fake-cognito.ts';
import type { Request } from './iam.ts';

interface Answer {
  status?: number;
  body?: string;
  json?: object;
}

const ACCOUNT = '123456789012';

/** A stand-in for the parts of AWS that a deployment calls. It records the calls. */
export class FakeAws {
  readonly tables = new Set<string>();
  /** S3 objects, by `bucket/key`. */
  readonly objects = new Map<string, { type: string; cacheControl: string | undefined; body: string }>();
  readonly cloudFormation = new FakeCloudFormation(this.tables, this.objects);
  readonly cognito = new FakeCognito();
  /** SSM's parameters, by name. */
  readonly parameters = new Map<string, { Value: string; Version: number }>();
  readonly invalidated: string[] = [];
  /** Requests to CloudFormation, DynamoDB and SSM that change something, in order. */
  readonly actions: string[] = [];
  /** All requests, with IAM's names for the actions and resources. */
  readonly requests: Request[] = [];
  /** Decides whether the caller may make a request. */
  authorize: (request: Request) => boolean = () => true;
  readonly #server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const { status = 200, body: xml = '', json } = await this.#guarded(request, body);
    response.setHeader('content-type', json ? 'application/x-amz-json-1.0' : 'text/xml');
    response.writeHead(status).end(request.method === 'HEAD' ? undefined : json ? JSON.stringify(json) : xml);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #guarded(request: IncomingMessage, body: string): Promise<Answer> {
    const asked = inWordsOfIam(request, body);
    if (asked.action.startsWith('cognito-idp:')) asked.context = this.cloudFormation.tagsOfUserPool();
    this.requests.push(asked);
    // GetCallerIdentity needs no permission.
    if (asked.action === 'sts:GetCallerIdentity' || this.authorize(asked)) return this.#answer(request, body);
    const message = `not authorized to perform ${asked.action} on ${asked.resource}`;
    if (request.headers['x-amz-target']) return { status: 400, json: { __type: 'AccessDeniedException', message } };
    const error = `<Code>AccessDenied</Code><Message>${message}</Message>`;
    return { status: 403, body: `<ErrorResponse><Error>${error}</Error>${error}</ErrorResponse>` };
  }

  async #answer(request: IncomingMessage, body: string): Promise<Answer> {
    const target = request.headers['x-amz-target'];
    // The Serverless Framework asks whether there are container images to remove.
    if (target?.includes('ContainerRegistry')) return { status: 400, json: { __type: 'RepositoryNotFoundException' } };
    if (typeof target === 'string') {
      const [service, operation] = target.split('.') as [string, string];
      if (service.startsWith('AWSCognito')) return this.#cognito(operation, JSON.parse(body));
      return service === 'AmazonSSM'
        ? this.#ssm(operation, JSON.parse(body))
        : this.#dynamodb(operation, JSON.parse(body));
    }
    const query = new URLSearchParams(body);
    const action = query.get('Action');
    if (action) return this.#query(action, query);
    if (FUNCTION.test(request.url ?? '')) return { status: 404, json: { Message: 'Function not found' } };
    if (request.url?.includes('/invalidation')) {
      this.invalidated.push(request.url.split('/')[3]!);
      return { status: 201, body: '<Invalidation><Id>I1</Id></Invalidation>' };
    }
    return this.#s3(request, body);
  }

  async #cognito(operation: string, input: Json): Promise<Answer> {
    try {
      return { json: await this.cognito.answer(operation, input) };
    } catch (refusal) {
      return { status: 400, json: { __type: 'InvalidParameterException', message: (refusal as Error).message } };
    }
  }

  #dynamodb(operation: string, { TableName }: Json): Answer {
    if (!this.tables.has(TableName)) {
      return {
        status: 400,
        json: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: '' },
      };
    }
    if (operation !== 'DescribeTable') this.actions.push(operation);
    if (operation === 'DeleteTable') this.tables.delete(TableName);
    return { json: { Table: { TableName, TableStatus: 'ACTIVE' } } };
  }

  #ssm(operation: string, { Name, Names = [Name], Value }: Json): Answer {
    if (operation !== 'GetParameters') this.actions.push(`${operation} ${Names}`);
    switch (operation) {
      case 'PutParameter': {
        const Version = (this.parameters.get(Name)?.Version ?? 0) + 1;
        this.parameters.set(Name, { Value, Version });
        return { json: { Version } };
      }
      case 'DeleteParameters':
        for (const name of Names) this.parameters.delete(name);
        return { json: { DeletedParameters: Names } };
      default: {
        const found = Names.filter((name: string) => this.parameters.has(name));
        return { json: { Parameters: found.map((name: string) => ({ Name: name, ...this.parameters.get(name)! })) } };
      }
    }
  }

  #query(action: string, query: URLSearchParams): Answer {
    if (!/^(Describe|List|Get|Validate)/.test(action)) this.actions.push(`${action} ${query.get('StackName')}`);
    try {
      const content =
        action === 'GetCallerIdentity'
          ? `<Arn>arn:aws:iam::${ACCOUNT}:user/x</Arn><UserId>x</UserId><Account>${ACCOUNT}</Account>`
          : this.cloudFormation.answer(action, query);
      if (content === undefined) throw new Error(`Stack with id ${query.get('StackName')} does not exist`);
      return { body: `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>` };
    } catch (refusal) {
      const error = `<Type>Sender</Type><Code>ValidationError</Code><Message>${(refusal as Error).message}</Message>`;
      return { status: 400, body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
    }
  }

  #s3({ method, url = '', headers }: IncomingMessage, body: string): Answer {
    const path = decodeURIComponent(url.split('?')[0]!).slice(1);
    if (method === 'PUT') {
      this.objects.set(path, { type: headers['content-type']!, cacheControl: headers['cache-control'], body });
      return {};
    }
    if (method === 'POST') {
      for (const [, key] of body.matchAll(/<Key>([^<]+)<\/Key>/g))
        this.objects.delete(`${path.replace(/\/$/, '')}/${key}`);
      return { body: '<DeleteResult/>' };
    }
    const bucket = path.replace(/\/$/, '');
    const prefix = new URLSearchParams(url.split('?')[1]).get('prefix') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(`${bucket}/${prefix}`));
    const contents = keys.map((key) => `<Contents><Key>${key.slice(bucket.length + 1)}</Key></Contents>`);
    return { body: `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>` };
  }
}

const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)$/;
const S3_ACTIONS: Record<string, string> = {
  PUT: 'PutObject',
  POST: 'DeleteObject',
  GET: 'ListBucket',
  HEAD: 'ListBucket',
};

/** Returns the request with IAM's names. The region and the service come from the signature. */
function inWordsOfIam({ headers, url = '', method = '' }: IncomingMessage, body: string): Request {
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const arn = (resource: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const { TableName, UserPoolId, Name, Names = Name ? [Name] : [] } = JSON.parse(body);
    if (UserPoolId) return { action: `${service}:${target.split('.')[1]}`, resource: arn(`userpool/${UserPoolId}`) };
    // If there are several names, the first stands for all, because they share the prefix that the policy allows.
    if (service === 'ssm') return { action: `ssm:${target.split('.')[1]}`, resource: arn(`parameter${Names[0]}`) };
    return { action: `${service}:${target.split('.')[1]}`, resource: TableName ? arn(`table/${TableName}`) : '*' };
  }
  const query = new URLSearchParams(body);
  const action = query.get('Action');
  if (action) {
    const stack = query.get('StackName');
    return { action: `${service}:${action}`, resource: stack ? arn(`stack/${stack}/1a2b`) : '*' };
  }
  const [, functionName] = FUNCTION.exec(url) ?? [];
  if (functionName) return { action: 'lambda:GetFunction', resource: arn(`function:${functionName}`) };
  const path = decodeURIComponent(url.split('?')[0]!).slice(1);
  if (service === 'cloudfront') {
    return {
      action: 'cloudfront:CreateInvalidation',
      resource: `arn:aws:cloudfront::${ACCOUNT}:distribution/${path.split('/')[2]}`,
    };
  }
  return { action: `${service}:${S3_ACTIONS[method]}`, resource: `arn:aws:s3:::${path.replace(/\/$/, '')}` };
}

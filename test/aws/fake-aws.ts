import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Json, Template } from '../../deploy/check/stack.ts';

interface Stack {
  template: Template;
  /** Resources that were there before the stack. */
  imported: string[];
}

interface Answer {
  status?: number;
  body?: string;
  json?: object;
}

/** As much of AWS as a deployment speaks to: it remembers what it was told and finds every template good. */
export class FakeAws {
  readonly stacks = new Map<string, Stack>();
  readonly tables = new Set<string>();
  /** Objects by `bucket/key`. */
  readonly objects = new Map<string, { type: string; cacheControl: string | undefined; body: string }>();
  readonly invalidated: string[] = [];
  /** What it was asked to do, in order. */
  readonly actions: string[] = [];
  readonly #proposed = new Map<string, Stack>();
  readonly #server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const { status = 200, body: xml = '', json } = this.#answer(request, body);
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

  #answer(request: IncomingMessage, body: string): Answer {
    const target = request.headers['x-amz-target'];
    // The framework asks whether there are container images to remove.
    if (target?.includes('ContainerRegistry')) return { status: 400, json: { __type: 'RepositoryNotFoundException' } };
    if (typeof target === 'string') return this.#dynamodb(target.split('.')[1]!, JSON.parse(body));
    const query = new URLSearchParams(body);
    const action = query.get('Action');
    if (action) return this.#query(action, query);
    if (request.url?.includes('/invalidation')) {
      this.invalidated.push(request.url.split('/')[3]!);
      return { status: 201, body: '<Invalidation><Id>I1</Id></Invalidation>' };
    }
    return this.#s3(request, body);
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

  #query(action: string, query: URLSearchParams): Answer {
    const name = query.get('StackName') ?? '';
    const stack = this.stacks.get(name);
    const answer = (content: string) => ({
      body: `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`,
    });
    if (!/^(Describe|List|Get|Validate)/.test(action)) this.actions.push(action);
    switch (action) {
      case 'GetCallerIdentity':
        return answer('<Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>x</UserId><Account>123456789012</Account>');
      case 'CreateChangeSet':
        this.#proposed.set(name, {
          template: query.has('TemplateBody')
            ? JSON.parse(query.get('TemplateBody')!)
            : ({ Resources: {} } as Template),
          imported: query.get('ImportExistingResources') === 'true' ? [...this.tables] : [],
        });
        return answer(`<Id>changes</Id><StackId>${name}</StackId>`);
      case 'DescribeChangeSet':
        return answer(
          `<StackId>${name}</StackId><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>`,
        );
      case 'ExecuteChangeSet':
        this.stacks.set(name, this.#proposed.get(name)!);
        this.tables.add(`${name}-events`);
        return answer('');
      case 'DeleteStack':
        this.stacks.delete(name);
        return answer('');
      case 'DescribeStackEvents':
        return answer(`<StackEvents>${event(name, stack ? 'UPDATE_COMPLETE' : 'DELETE_COMPLETE')}</StackEvents>`);
      case 'DescribeStackResource':
        if (stack)
          return answer(
            `<StackResourceDetail><PhysicalResourceId>${name}-deployment</PhysicalResourceId></StackResourceDetail>`,
          );
        break;
      case 'DescribeStacks':
        if (stack) return answer(`<Stacks><member>${described(name)}</member></Stacks>`);
        break;
      case 'ValidateTemplate':
      case 'DeleteChangeSet':
      case 'ListStackResources':
        return answer('');
    }
    return {
      status: 400,
      body: `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
    };
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

/** The last thing that happened to a stack. */
function event(name: string, status: string): string {
  const ids = `<EventId>${crypto.randomUUID()}</EventId><StackId>${name}</StackId><StackName>${name}</StackName>`;
  const what = `<LogicalResourceId>${name}</LogicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType>`;
  return `<member>${ids}${what}<ResourceStatus>${status}</ResourceStatus></member>`;
}

function described(name: string): string {
  const outputs = {
    SiteBucketName: `${name}-site`,
    DistributionId: 'E1',
    SiteUrl: 'https://d1.cloudfront.example',
    WebSocketUrl: 'wss://d1.cloudfront.example/prod',
    HttpApiUrl: 'https://h.execute-api.example',
    ServiceEndpointWebsocket: 'wss://w.execute-api.example/prod',
  };
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const ids = `<StackId>${name}</StackId><StackName>${name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>`;
  return `${ids}<StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs>`;
}

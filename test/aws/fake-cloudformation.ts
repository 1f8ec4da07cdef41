import type { Json, Template } from '../../deploy/check/stack.ts';

interface Stack {
  template: Template;
  /**
   * Input of the stack's last `CreateStack` or `UpdateStack`, see {@link inputOf}. Absent if the stack was made by
   * change sets only.
   */
  input?: string;
  /** Each tag as `key=value`. */
  tags?: string[];
  status: string;
  /** Newest first. */
  events: { id: string; resource: string; type: string; status: string; reason: string }[];
}

interface Proposal {
  template: Template;
  imports: boolean;
  tags: string[];
}

const EVENTS = 'EventsTable';
/** Few, so that the events of one operation fill several pages. */
const EVENTS_ON_A_PAGE = 3;

/**
 * A stand-in for the parts of CloudFormation that a deployment calls. It accepts every template and knows three rules
 * about tables: a name is unique, a table outlives its stack, and an import adopts an existing table.
 */
export class FakeCloudFormation {
  readonly stacks = new Map<string, Stack>();
  /** Names of the existing tables. */
  readonly tables: Set<string>;
  /** Added to the usual outputs of every stack. Replaces a usual output of the same name. */
  readonly outputs: Record<string, string> = {};
  /** The resource whose next creation fails, and why. */
  failing: { resource: string; reason: string } | undefined;
  readonly #objects: ReadonlyMap<string, { body: string }>;
  readonly #proposed = new Map<string, Proposal>();

  constructor(tables: Set<string>, objects: ReadonlyMap<string, { body: string }>) {
    this.tables = tables;
    this.#objects = objects;
  }

  /**
   * Answers a call. @returns XML; undefined if there is no such stack, resource or call. @throws Error if
   * CloudFormation would refuse the call
   */
  answer(action: string, query: URLSearchParams): string | undefined {
    const name = query.get('StackName') ?? '';
    const stack = this.stacks.get(name);
    switch (action) {
      case 'CreateStack':
      case 'UpdateStack':
        if (stack?.input === inputOf(query)) throw new Error('No updates are to be performed.');
        this.stacks.set(name, {
          // These calls send a template as YAML, which is kept as text.
          template: { text: query.get('TemplateBody') } as unknown as Template,
          input: inputOf(query),
          tags: tagsOf(query),
          status: action === 'CreateStack' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
          events: [],
        });
        return `<StackId>${name}</StackId>`;
      case 'CreateChangeSet':
        this.#proposed.set(name, {
          template: this.#templateOf(query),
          imports: query.get('ImportExistingResources') === 'true',
          tags: tagsOf(query),
        });
        this.stacks.set(
          name,
          stack ?? { template: { Resources: {} } as Template, status: 'REVIEW_IN_PROGRESS', events: [] },
        );
        return `<Id>changes</Id><StackId>${name}</StackId>`;
      case 'DescribeChangeSet':
        return `<StackId>${name}</StackId><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>`;
      case 'ExecuteChangeSet':
        this.#execute(name, stack!, this.#proposed.get(name)!);
        return '';
      case 'DeleteStack':
        this.stacks.delete(name);
        return '';
      case 'GetTemplate': {
        const { text } = (stack?.template ?? {}) as { text?: string };
        return stack && `<TemplateBody>${escaped(text ?? JSON.stringify(stack.template))}</TemplateBody>`;
      }
      case 'DescribeStackEvents':
        return this.#page(name, stack?.events ?? [deleted(name)], Number(query.get('NextToken') ?? 0));
      case 'DescribeStackResource': {
        const resource = query.get('LogicalResourceId')!;
        if (!stack || !(resource in stack.template.Resources)) return undefined;
        return `<StackResourceDetail><PhysicalResourceId>${name}-deployment</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></StackResourceDetail>`;
      }
      case 'DescribeStacks':
        return stack && `<Stacks><member>${outputsOf(name, stack, this.outputs)}</member></Stacks>`;
      case 'ValidateTemplate':
      case 'DeleteChangeSet':
      case 'ListStackResources':
        return '';
    }
    return undefined;
  }

  /** Returns the tags of the only user pool, under the names of IAM's condition keys. */
  tagsOfUserPool(): Record<string, string> {
    const pools = [...this.stacks.values()].flatMap(({ template }) => template.Resources?.UserPool ?? []);
    const tags = Object.entries<string>(pools[0]?.Properties.UserPoolTags ?? {});
    return Object.fromEntries(tags.map(([name, value]) => [`aws:ResourceTag/${name}`, value]));
  }

  #page(name: string, events: Stack['events'], from: number): string {
    const next = from + EVENTS_ON_A_PAGE;
    const shown = events.slice(from, next).map((one) => described(name, one));
    return `<StackEvents>${shown.join('')}</StackEvents>${next < events.length ? `<NextToken>${next}</NextToken>` : ''}`;
  }

  #templateOf(query: URLSearchParams): Template {
    const body = query.get('TemplateBody');
    if (body) return JSON.parse(body);
    const key = decodeURIComponent(new URL(query.get('TemplateURL')!).pathname).slice(1);
    const [, object] = [...this.#objects].find(([path]) => path.endsWith(key))!;
    // Cuts the JSON out of the upload, which is in signed chunks.
    return JSON.parse(object.body.slice(object.body.indexOf('{'), object.body.lastIndexOf('}') + 1));
  }

  #execute(name: string, stack: Stack, { template, imports, tags }: Proposal): void {
    const began = stack.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE';
    const added = Object.keys(template.Resources).filter((id) => !(id in stack.template.Resources));
    const failure = this.#failureOf(name, added, imports);
    const event = (resource: string, type: string, status: string, reason = '') =>
      stack.events.unshift({ id: crypto.randomUUID(), resource, type, status, reason });
    event(name, 'AWS::CloudFormation::Stack', `${began}_IN_PROGRESS`, 'User Initiated');
    if (added.includes(EVENTS)) this.tables.add(`${name}-events`);
    if (failure) {
      event(failure.resource, 'AWS::Some::Resource', 'CREATE_FAILED', failure.reason);
      event('Dashboard', 'AWS::Some::Resource', 'CREATE_FAILED', 'Resource creation cancelled');
      for (let count = 0; count < 2 * EVENTS_ON_A_PAGE; count++)
        event(`Resource${count}`, 'AWS::Some::Resource', 'DELETE_COMPLETE');
      this.failing = undefined;
      stack.status = began === 'CREATE' ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE';
    } else {
      Object.assign(stack, { template, tags });
      stack.status = `${began}_COMPLETE`;
    }
    event(name, 'AWS::CloudFormation::Stack', stack.status);
  }

  #failureOf(
    name: string,
    added: readonly string[],
    imports: boolean,
  ): { resource: string; reason: string } | undefined {
    const taken = added.includes(EVENTS) && this.tables.has(`${name}-events`) && !imports;
    if (taken) return { resource: EVENTS, reason: `${name}-events already exists` };
    return added.includes(this.failing?.resource ?? '') ? this.failing : undefined;
  }
}

const tagsOf = (query: URLSearchParams): string[] =>
  [...query]
    .filter(([name]) => /^Tags\.member\.\d+\.Key$/.test(name))
    .map(([name, key]) => `${key}=${query.get(name.replace(/Key$/, 'Value'))}`);

/**
 * Returns the input of a `CreateStack` or `UpdateStack` as text, to compare it with the stack's last input. An update
 * with the same input is refused. Comments of the template do not count.
 */
const inputOf = (query: URLSearchParams) => {
  const compared = [...query].filter(([name]) => /^(TemplateBody|Parameters|Tags)/.test(name));
  return JSON.stringify(compared.map(([name, value]) => [name, value.replaceAll(/\s*(^|\s)#.*$/gm, '').trim()]));
};

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const deleted = (name: string): Stack['events'][number] => ({
  ...{ id: crypto.randomUUID(), resource: name, type: 'AWS::CloudFormation::Stack' },
  ...{ status: 'DELETE_COMPLETE', reason: '' },
});

function described(name: string, { id, resource, type, status, reason }: Stack['events'][number]): string {
  const ids = `<EventId>${id}</EventId><StackId>${name}</StackId><StackName>${name}</StackName>`;
  const what = `<LogicalResourceId>${resource}</LogicalResourceId><ResourceType>${type}</ResourceType>`;
  const how = `<ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason>`;
  return `<member>${ids}${what}${how}<Timestamp>2026-01-01T00:00:00Z</Timestamp></member>`;
}

function outputsOf(name: string, { status, template }: Stack, others: Readonly<Record<string, string>>): string {
  const outputs: Json = {
    SiteBucketName: `${name}-site`,
    DistributionId: 'E1',
    SiteUrl: 'https://d1.cloudfront.example',
    WebSocketUrl: 'wss://d1.cloudfront.example/prod',
    HttpApiUrl: 'https://h.execute-api.example',
    ServiceEndpointWebsocket: 'wss://w.execute-api.example/prod',
    ...('UserPool' in (template.Resources ?? {}) && {
      ...{ UserPoolId: 'eu-central-1_Example12', UserPoolClientId: '1example23456789' },
    }),
    ...others,
  };
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const ids = `<StackId>${name}</StackId><StackName>${name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>`;
  return `${ids}<StackStatus>${status}</StackStatus><Outputs>${members.join('')}</Outputs>`;
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { mappingsOf, type FunctionDefinition as WithStreams } from './event-source-mapping/settings.ts';
import { startMappings } from './event-source-mapping/start.ts';
import { resolveEnvironment } from './local-environment.ts';
import { createTables, type Resource } from './tables.ts';

type Environment = Record<string, string | Record<string, unknown>>;

interface FunctionDefinition extends WithStreams {
  environment?: Environment;
}

interface Serverless {
  service: {
    provider: { environment?: Environment };
    functions: Record<string, FunctionDefinition>;
    resources: { Resources: Record<string, Resource> };
    custom: { 'serverless-offline': object };
  };
}

/** Serverless plugin: what AWS does around the functions and serverless-offline does not. Does nothing on deploy. */
export default class LocalPlugin {
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #serverless: Serverless;
  #stopMappings: (() => Promise<void>) | undefined;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    this.hooks = {
      'before:offline:start:init': () => this.#prepare(),
      'offline:start:ready': () => this.#ready(),
      // Before serverless-offline closes the sockets: the batch in hand is still delivered.
      'before:offline:start:end': async () => this.#stopMappings?.(),
    };
  }

  async #prepare(): Promise<void> {
    const { provider, functions, resources } = this.#serverless.service;
    for (const owner of [provider, ...Object.values(functions)]) {
      if (owner.environment)
        owner.environment = resolveEnvironment(owner.environment, resources.Resources, process.env);
    }
    await createTables(new DynamoDBClient({ endpoint: process.env.DYNAMODB_ENDPOINT! }), resources.Resources);
  }

  async #ready(): Promise<void> {
    const { functions, resources, custom } = this.#serverless.service;
    const { default: Lambda } = await import('serverless-offline/lambda');
    const lambda = new Lambda(this.#serverless, custom['serverless-offline']);
    lambda.create(
      Object.entries(functions).map(([functionKey, functionDefinition]) => ({ functionKey, functionDefinition })),
    );
    const invoke = (functionKey: string, event: object) => {
      const instance = lambda.get(functionKey);
      instance.setEvent(event);
      return instance.runHandler();
    };
    this.#stopMappings = await startMappings(
      mappingsOf(functions, resources.Resources),
      new DynamoDBStreamsClient({ endpoint: process.env.DYNAMODB_ENDPOINT! }),
      invoke,
      process.env.SHOUT_DATA_DIR!,
    );
    process.send?.('ready');
  }
}

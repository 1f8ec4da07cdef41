import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type Lambda from 'serverless-offline/lambda';
import { closeEmulatorGaps } from './emulator-gaps/close-gaps.ts';
import { mappingsOf, type FunctionDefinition as WithStreams } from './event-source-mapping/settings.ts';
import { type Invoke, startMappings } from './event-source-mapping/start.ts';
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
  #closeSockets: (() => void) | undefined;
  #lambda: Lambda | undefined;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    this.hooks = {
      'before:offline:start:init': () => this.#prepare(),
      'offline:start:ready': () => this.#ready(),
      'before:offline:start:end': () => this.#stop(),
    };
  }

  async #prepare(): Promise<void> {
    const { provider, functions, resources } = this.#serverless.service;
    for (const owner of [provider, ...Object.values(functions)]) {
      if (owner.environment)
        owner.environment = resolveEnvironment(owner.environment, resources.Resources, process.env);
    }
    await createTables(new DynamoDBClient({ endpoint: process.env.DYNAMODB_ENDPOINT! }), resources.Resources);
    this.#closeSockets = await closeEmulatorGaps(this.#invoke);
  }

  async #ready(): Promise<void> {
    const { functions, resources } = this.#serverless.service;
    this.#stopMappings = await startMappings(
      mappingsOf(functions, resources.Resources),
      new DynamoDBStreamsClient({ endpoint: process.env.DYNAMODB_ENDPOINT! }),
      this.#invoke,
      process.env.SHOUT_DATA_DIR!,
    );
    process.send?.('ready');
  }

  async #stop(): Promise<void> {
    // The batch in hand is still delivered.
    await this.#stopMappings?.();
    this.#closeSockets?.();
  }

  /** Calls a function as serverless-offline does for its own events: in this process, with the same environment and context. */
  readonly #invoke: Invoke = async (functionKey, event) => {
    this.#lambda ??= await createLambda(this.#serverless);
    const instance = this.#lambda.get(functionKey);
    instance.setEvent(event);
    return instance.runHandler();
  };
}

async function createLambda(serverless: Serverless): Promise<Lambda> {
  const { default: Lambda } = await import('serverless-offline/lambda');
  const { functions, custom } = serverless.service;
  const lambda = new Lambda(serverless, custom['serverless-offline']);
  lambda.create(
    Object.entries(functions).map(([functionKey, functionDefinition]) => ({ functionKey, functionDefinition })),
  );
  return lambda;
}

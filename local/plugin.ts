import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resolveEnvironment } from './local-environment.ts';
import { createTables, type Resource } from './tables.ts';

interface FunctionDefinition {
  environment?: Record<string, string | Record<string, unknown>>;
}

interface Serverless {
  service: {
    provider: { environment: Record<string, string | Record<string, unknown>> };
    functions: Record<string, FunctionDefinition>;
    resources: { Resources: Record<string, Resource> };
  };
}

/** Serverless plugin: what AWS does around the functions and serverless-offline does not. Does nothing on deploy. */
export default class LocalPlugin {
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    this.hooks = {
      'before:offline:start:init': () => this.#prepare(),
      'offline:start:ready': async () => void process.send?.('ready'),
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
}

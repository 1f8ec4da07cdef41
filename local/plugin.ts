import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { closeEmulatorGaps } from './emulator-gaps/close-gaps.ts';
import { mappingsOf, type FunctionDefinition as WithStreams } from './event-source-mapping/settings.ts';
import { startMappings } from './event-source-mapping/start.ts';
import { createInvoke, type Invoke } from './invoke.ts';
import { resolveEnvironment } from './local-environment.ts';
import { queuedFunctionOf, type FunctionDefinition as WithQueue } from './parking/settings.ts';
import { startQueue } from './parking/start.ts';
import { createTables, type Resource } from './tables.ts';

type Environment = Record<string, string | Record<string, unknown>>;

type FunctionDefinition = WithStreams & WithQueue & { environment?: Environment };

interface Serverless {
  service: {
    provider: { environment?: Environment };
    functions: Record<string, FunctionDefinition>;
    resources: { Resources: Record<string, Resource> };
    custom: { 'serverless-offline': object };
  };
}

/**
 * Serverless plugin that adds what serverless-offline lacks: it creates the tables, and emulates the event source
 * mappings and the SQS queue. It also corrects the emulated WebSockets (emulator-gaps/). It does nothing in a
 * deployment.
 */
export default class LocalPlugin {
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #serverless: Serverless;
  readonly #invoke: Invoke;
  #stopMappings: (() => Promise<void>) | undefined;
  #stopQueue: (() => Promise<void>) | undefined;
  #closeSockets: (() => void) | undefined;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    this.#invoke = createInvoke(serverless);
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
    const queued = queuedFunctionOf(functions, resources.Resources);
    const { PARKING_QUEUE, SHOUT_DATA_DIR } = process.env;
    if (queued) this.#stopQueue = await startQueue(queued, PARKING_QUEUE!, this.#invoke, SHOUT_DATA_DIR!);
    this.#stopMappings = await startMappings(
      mappingsOf(functions, resources.Resources),
      new DynamoDBStreamsClient({ endpoint: process.env.DYNAMODB_ENDPOINT! }),
      this.#invoke,
      SHOUT_DATA_DIR!,
    );
    process.send?.('ready');
  }

  async #stop(): Promise<void> {
    // Stops reading the streams, and waits until the invocations of their batches have ended.
    await this.#stopMappings?.();
    // The queue is stopped after the mappings, because their functions send to it.
    await this.#stopQueue?.();
    this.#closeSockets?.();
  }
}

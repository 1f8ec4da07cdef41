import { spawn } from 'node:child_process';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { engineBinary } from '../local/engine.ts';
import { freePort } from '../local/ports.ts';
import { createTables } from '../local/tables.ts';
import { EVENTS_TABLE, STATE_TABLE, tableResources } from './tables.ts';

export { EVENTS_TABLE, STATE_TABLE };

export interface TestDynamoDB {
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts a DynamoDB engine that keeps its data in memory, and creates the tables of resources/tables.yml in it. Sets
 * the environment variables that the AWS SDK and the adapters read. If `DYNAMODB_ENDPOINT` is set, starts no engine,
 * and creates the tables at that address.
 */
export async function startDynamoDB(): Promise<TestDynamoDB> {
  const given = process.env.DYNAMODB_ENDPOINT;
  const port = await freePort();
  const endpoint = given ?? `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    DYNAMODB_ENDPOINT: endpoint,
    EVENTS_TABLE,
    STATE_TABLE,
  });
  const engine = given
    ? undefined
    : spawn(engineBinary(), ['serve', '--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const client = new DynamoDBClient({ endpoint, maxAttempts: 60, retryMode: 'standard' });
  await answering(client);
  await createTables(client, tableResources());
  client.destroy();
  return {
    endpoint,
    stop: async () => {
      // If the variable stayed, the next `startDynamoDB` in this process would use the stopped engine and start none.
      if (!given) delete process.env.DYNAMODB_ENDPOINT;
      if (!engine || engine.exitCode !== null) return;
      const ended = new Promise((resolve) => engine.once('exit', resolve));
      engine.kill();
      await ended;
    },
  };
}

/**
 * Waits until DynamoDB answers a request.
 *
 * @throws the error of the first request that fails after ten seconds
 */
async function answering(client: DynamoDBClient): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      await client.send(new ListTablesCommand());
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

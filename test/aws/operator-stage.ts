import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Template } from '../../deploy/check/stack.ts';
import { claimDataDir, type LocalAddresses, writeAddresses } from '../../local/data-dir.ts';
import { createTables } from '../../local/tables.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { startDynamoDB } from '../dynamodb.ts';
import { HttpProxy } from '../faults/proxies/http-proxy.ts';
import { tableResources } from '../tables.ts';
import { FakeAws } from './fake-aws.ts';

/**
 * The stages `prod` and `dev`, for tests of an operator's commands. Their tables are in a real DynamoDB engine, and the
 * commands reach it through `proxy`.
 */
export interface OperatorStage {
  eventsTable: string;
  stateTable: string;
  log: DynamoEventLog;
  proxy: HttpProxy;
  aws: FakeAws;
  /**
   * Environment for a command with `--stage prod`. The stand-in `aws` answers the command's calls to AWS, except those
   * to DynamoDB.
   */
  onAws: NodeJS.ProcessEnv;
  /** Environment for a command without a stage. The command finds a stack that seems to run on this machine. */
  onThisMachine: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export async function startOperatorStage(): Promise<OperatorStage> {
  const db = await startDynamoDB();
  const aws = new FakeAws();
  const AWS_ENDPOINT_URL = await aws.start();
  aws.cloudFormation.stacks.set('shout-box-prod', {
    template: { Resources: {} } as Template,
    status: 'CREATE_COMPLETE',
    events: [],
  });
  const proxy = await HttpProxy.start(() => db.endpoint);
  const client = new DynamoDBClient({ endpoint: db.endpoint });
  for (const stage of ['prod', 'dev']) {
    await createTables(client, tableResources(`shout-box-${stage}-events`, `shout-box-${stage}-state`));
  }
  client.destroy();
  const dataDir = await mkdtemp(join(tmpdir(), 'shout-box-operator-'));
  const claim = await claimDataDir(dataDir);
  const addresses = { ws: 'ws://127.0.0.1:9', dynamodb: proxy.url, pid: process.pid };
  await writeAddresses(dataDir, addresses as LocalAddresses);
  const { EVENTS_TABLE: _events, STATE_TABLE: _state, ...env } = process.env;
  const tables = { eventsTable: 'shout-box-prod-events', stateTable: 'shout-box-prod-state' };
  return {
    ...{ ...tables, proxy, aws },
    log: new DynamoEventLog(documentClient(), tables, runtime),
    onAws: { ...env, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_DYNAMODB: proxy.url },
    onThisMachine: { ...env, SHOUT_DATA_DIR: dataDir },
    stop: async () => {
      aws.stop();
      await proxy.stop();
      await db.stop();
      await claim.release();
      await rm(dataDir, { recursive: true });
    },
  };
}

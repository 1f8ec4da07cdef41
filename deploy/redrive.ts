import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readAddresses } from '../local/data-dir.ts';
import { readLocalSettings } from '../local/settings.ts';
import { type Ports, publish } from '../src/domain/delivery/publish.ts';
import { redrive } from '../src/domain/numbering/redrive.ts';
import { documentClient } from '../src/infra/dynamodb/client.ts';
import { DynamoConnections } from '../src/infra/dynamodb/connections.ts';
import { DynamoEventLog } from '../src/infra/dynamodb/event-log.ts';
import { unnumberedEvents } from '../src/infra/dynamodb/unnumbered-events.ts';
import { ManagementApiPush } from '../src/infra/push/management-api.ts';
import { readPush, readTables } from '../src/infra/settings.ts';
import { eventsTable, readOptions, stackName } from './options.ts';
import { main } from './run.ts';
import { requireCredentials, stackOutputs } from './stack-outputs.ts';

const CONCURRENCY = 100;

/** `npm run redrive -- --stage prod`; without a stage, of the stack that runs on this machine. */
await main(async () => {
  const args = process.argv.slice(2);
  const env: NodeJS.ProcessEnv = { ...(args.length > 0 ? await onAws(args) : await onThisMachine()), ...process.env };
  process.env = env;
  const tables = readTables(env);
  const db = documentClient(env);
  const ports: Ports = {
    log: new DynamoEventLog(db, tables),
    // The cap is for who connects, which nobody does here.
    connections: new DynamoConnections(db, tables.stateTable, Number.POSITIVE_INFINITY),
    push: new ManagementApiPush({
      endpoint: readPush(env).connectionsEndpoint,
      region: env.AWS_REGION!,
      credentials: await db.config.credentials(),
      concurrency: CONCURRENCY,
    }),
    telemetry: { count() {}, measure() {}, log() {}, flush() {} },
    now: Date.now,
    concurrency: CONCURRENCY,
  };
  const unnumbered = unnumberedEvents(db, tables.eventsTable, (reason) => console.warn(`Skipped, no event: ${reason}`));
  const total = await redrive(unnumbered, async (room, events) => {
    const { assigned } = await publish(room, events, ports);
    console.log(`${room}: ${events.length} without a number, ${assigned} numbered now`);
  });
  console.log(total === 0 ? 'Every event has its number.' : `${total} events were redriven.`);
});

async function onAws(args: readonly string[]): Promise<Record<string, string>> {
  const options = readOptions(args, process.env);
  const client = new CloudFormationClient({ region: options.region });
  await requireCredentials(client);
  const outputs = await stackOutputs(client, stackName(options));
  if (!outputs?.ServiceEndpointWebsocket)
    throw new Error(`There is no stack ${stackName(options)} in ${options.region}.`);
  return {
    AWS_REGION: options.region,
    EVENTS_TABLE: eventsTable(options),
    STATE_TABLE: `${stackName(options)}-state`,
    CONNECTIONS_ENDPOINT: outputs.ServiceEndpointWebsocket.replace(/^wss:/, 'https:'),
  };
}

async function onThisMachine(): Promise<Record<string, string>> {
  const { dataDir } = readLocalSettings(process.env);
  const stack = await readAddresses(dataDir);
  if (!stack) throw new Error(`No stack is running on ${dataDir}: run npm start, or say which stage: --stage prod`);
  const options = { stage: 'dev' };
  return {
    ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ EVENTS_TABLE: eventsTable(options), STATE_TABLE: `${stackName(options)}-state` },
    ...{ DYNAMODB_ENDPOINT: stack.dynamodb, CONNECTIONS_ENDPOINT: stack.ws.replace(/^ws:/, 'http:') },
  };
}

import { readAddresses } from '../local/data-dir.ts';
import { readLocalSettings } from '../local/settings.ts';
import { sequenceAndFanOut } from '../src/domain/delivery/sequence-and-fan-out.ts';
import { redrive } from '../src/domain/numbering/redrive.ts';
import { fanOutPorts, unnumbered } from '../src/infra/composition.ts';
import { requireCredentials } from './account.ts';
import { awsClients } from './clients.ts';
import { eventsTable, readOptions, stackName } from './options.ts';
import { main } from './run.ts';
import { stackOutputs } from './stack-outputs.ts';

/** `npm run redrive -- --stage prod`; without a stage, of the stack that runs on this machine. */
await main(async () => {
  const args = process.argv.slice(2);
  // The adapters read what Lambda gives the functions.
  process.env =
    args.length > 0 ? { ...process.env, ...(await onAws(args)) } : { ...(await onThisMachine()), ...process.env };
  const total = await redrive(unnumbered(), fanOutPorts().log.batchSize, async (room, events) => {
    const { sequenced } = await sequenceAndFanOut(room, events, fanOutPorts(), () => Number.POSITIVE_INFINITY);
    console.log(`${room}: ${events.length} without a number, ${sequenced.assigned} numbered now`);
  });
  console.log(total === 0 ? 'Every event has its number.' : `${total} events were redriven.`);
});

async function onAws(args: readonly string[]): Promise<Record<string, string>> {
  const options = readOptions(args, process.env);
  const client = awsClients(options.region).cloudFormation;
  await requireCredentials(client);
  const outputs = await stackOutputs(client, stackName(options));
  if (!outputs?.ServiceEndpointWebsocket)
    throw new Error(`There is no stack ${stackName(options)} in ${options.region}.`);
  // A profile's or a role's: the adapter that posts takes them from the environment only.
  const { accessKeyId, secretAccessKey, sessionToken = '' } = await client.config.credentials();
  return {
    AWS_REGION: options.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
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

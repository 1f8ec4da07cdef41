import { readAddresses } from '../local/data-dir.ts';
import { backEndEnvironment, readLocalSettings } from '../local/settings.ts';
import { requireCredentials } from './account.ts';
import { awsClients } from './clients.ts';
import { eventsTable, readOptions, stackName } from './options.ts';
import { stackOutputs } from './stack-outputs.ts';

type Environment = Record<string, string | undefined>;

/**
 * Returns `env` with the variables that the adapters in src/infra need to reach a stack.
 * @param args arguments that name the stack, such as `--stage prod`; none for the stack that runs on this machine
 * @throws Error that says what is missing, such as the stack or the credentials
 */
export async function stackEnvironment(args: readonly string[], env: Environment): Promise<Environment> {
  return args.length > 0 ? { ...env, ...(await onAws(args, env)) } : onThisMachine(env);
}

async function onAws(args: readonly string[], env: Environment): Promise<Environment> {
  const options = readOptions(args, env);
  const client = awsClients(options.region).cloudFormation;
  await requireCredentials(client);
  const outputs = await stackOutputs(client, stackName(options));
  if (!outputs?.ServiceEndpointWebsocket)
    throw new Error(`There is no stack ${stackName(options)} in ${options.region}.`);
  // The credentials may come from a profile or a role. They are put into the environment, because the adapter that
  // posts to connections reads no other credentials.
  const { accessKeyId, secretAccessKey, sessionToken = '' } = await client.config.credentials();
  return {
    AWS_REGION: options.region,
    AWS_PROFILE: undefined,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    EVENTS_TABLE: eventsTable(options),
    STATE_TABLE: `${stackName(options)}-state`,
    CONNECTIONS_ENDPOINT: outputs.ServiceEndpointWebsocket.replace(/^wss:/, 'https:'),
    // The shell may set these variables for `npm start`, so they are overridden here. An empty value stands for the
    // default.
    ROOMS: outputs.Rooms ?? '',
    // Undefined for a stage that was deployed before this output existed.
    RETENTION_DAYS: outputs.RetentionDays?.replace('none', ''),
    ...{ DYNAMODB_ENDPOINT: '', DELIVER_FUNCTION: '' },
  };
}

async function onThisMachine(env: Environment): Promise<Environment> {
  const settings = readLocalSettings(env);
  const stack = await readAddresses(settings.dataDir);
  if (!stack)
    throw new Error(`No stack is running on ${settings.dataDir}: run npm start, or say which stage: --stage prod`);
  const options = { stage: 'dev' };
  const dynamodb = { ...settings.dynamodb, endpoint: stack.dynamodb };
  return {
    ...{ EVENTS_TABLE: eventsTable(options), STATE_TABLE: `${stackName(options)}-state` },
    ...backEndEnvironment({ ...settings, dynamodb }, env),
    ...{ DYNAMODB_ENDPOINT: stack.dynamodb, CONNECTIONS_ENDPOINT: stack.ws.replace(/^ws:/, 'http:') },
  };
}

import { readAddresses } from '../../local/data-dir.ts';
import { readLocalSettings, redirectUris } from '../../local/settings.ts';
import { signIn } from '../../local/sign-in.ts';
import { requireCredentials } from '../account.ts';
import { awsClients } from '../clients.ts';
import { stackName } from '../options.ts';
import { stackOutputs } from '../stack-outputs.ts';

/** What the smoke test talks to. */
export interface Target {
  /** How to name it to a person. */
  name: string;
  /** Base URL of the HTTP API. */
  server: string;
  /** An access token. @throws Error in one sentence */
  token(): Promise<string>;
}

/** The local stack that runs on `SHOUT_DATA_DIR`, and its own issuer. @throws Error where none runs */
export async function localTarget(env: NodeJS.ProcessEnv): Promise<Target> {
  const { dataDir } = readLocalSettings(env);
  const stack = await readAddresses(dataDir);
  if (!stack)
    throw new Error(`No stack is running on ${dataDir}: run npm start in another terminal, or name a --stage.`);
  const [redirectUri] = redirectUris({ web: stack.web, otherOrigin: stack.web });
  return {
    name: 'the local stack',
    server: stack.http,
    token: async () => env.SMOKE_TOKEN || (await signIn({ ...stack, redirectUri, name: 'smoke' })).access_token,
  };
}

/** A deployed stage; its issuer's token comes from `SMOKE_TOKEN`. @throws Error where there is no such stage */
export async function stageTarget(
  { stage, region }: { stage: string; region: string },
  env: NodeJS.ProcessEnv,
): Promise<Target> {
  const client = awsClients(region).cloudFormation;
  await requireCredentials(client);
  const outputs = await stackOutputs(client, stackName({ stage }));
  if (!outputs?.SiteUrl) throw new Error(`There is no stage ${stage} in ${region}: deploy it first.`);
  return { name: `stage ${stage}`, server: outputs.SiteUrl, token: async () => tokenOf(env) };
}

/** @throws Error that says where a token comes from */
function tokenOf({ SMOKE_TOKEN }: NodeJS.ProcessEnv): string {
  if (SMOKE_TOKEN) return SMOKE_TOKEN;
  throw new Error('set SMOKE_TOKEN to an access token of your issuer (docs/sign-in says how to get one)');
}

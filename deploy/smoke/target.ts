import { readAddresses } from '../../local/data-dir.ts';
import { readLocalSettings, redirectUris } from '../../local/settings.ts';
import { signIn } from '../../local/sign-in.ts';
import { requireCredentials } from '../account.ts';
import { awsClients } from '../clients.ts';
import { stackName } from '../options.ts';
import { stackOutputs } from '../stack-outputs.ts';
import { poolToken } from './pool-token.ts';

/** The stack that the smoke test talks to. */
export interface Target {
  /** Name to print. */
  name: string;
  /** Base URL of the HTTP API. */
  server: string;
  /** Gets an access token, or throws an Error that says why it got none. Absent if the test has no way to get one. */
  token?: (() => Promise<string>) | undefined;
}

/** Returns the stack that runs on this machine with the data of `SHOUT_DATA_DIR`. @throws Error if none runs */
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

/**
 * Returns a deployed stage. The token comes from `SMOKE_TOKEN`, or from the stage's own user pool.
 *
 * @throws Error if there is no such stage, or if there are no AWS credentials
 */
export async function stageTarget(
  { stage, region }: { stage: string; region: string },
  env: NodeJS.ProcessEnv,
): Promise<Target> {
  const { cloudFormation, cognito } = awsClients(region);
  await requireCredentials(cloudFormation);
  const outputs = await stackOutputs(cloudFormation, stackName({ stage }));
  if (!outputs?.SiteUrl) throw new Error(`There is no stage ${stage} in ${region}: deploy it first.`);
  const { SiteUrl, UserPoolId, UserPoolClientId } = outputs;
  const { SMOKE_TOKEN } = env;
  const given = SMOKE_TOKEN ? async () => SMOKE_TOKEN : undefined;
  const own = UserPoolId && UserPoolClientId ? () => poolToken(cognito, UserPoolId, UserPoolClientId) : undefined;
  return { name: `stage ${stage}`, server: SiteUrl, token: given ?? own };
}

import {
  AdminInitiateAuthCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect, it } from 'vitest';
import { poolToken } from './pool-token.ts';

/** Returns a client whose pool answers a sign-in with `signIn`. `called` lists the commands that the client sends. */
function pool(signIn: object) {
  const called: string[] = [];
  const send = async (command: object) => {
    called.push(command.constructor.name);
    return command instanceof AdminInitiateAuthCommand ? signIn : {};
  };
  return { called, client: { send } as unknown as CognitoIdentityProviderClient };
}

it('leaves nobody behind in the pool', async () => {
  const { client, called } = pool({ AuthenticationResult: { AccessToken: 'token' } });
  expect(await poolToken(client, 'pool', 'client')).toBe('token');
  expect(called.at(-1)).toBe('AdminDeleteUserCommand');
});

it('says what the pool asks for besides a password, and leaves nobody behind then either', async () => {
  const { client, called } = pool({ ChallengeName: 'MFA_SETUP' });
  await expect(poolToken(client, 'pool', 'client')).rejects.toThrow(
    'the user pool asks for more than a password (MFA_SETUP): set SMOKE_TOKEN',
  );
  expect(called.at(-1)).toBe('AdminDeleteUserCommand');
});

import { randomBytes, randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';

/**
 * Creates a person in a stage's own user pool, gets an access token for this person, and deletes the person. The
 * functions still accept the token, because they verify it without asking the pool.
 *
 * @throws Error if the pool asks for more than a password
 */
export async function poolToken(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  ClientId: string,
): Promise<string> {
  // Cognito sends no mail (`SUPPRESS`). If it did, nobody would get it, because example.org is reserved (RFC 2606).
  const Username = `smoke-${randomUUID()}@example.org`;
  // Has a character of each kind, in case the operator has made the pool require that.
  const Password = `Aa1-${randomBytes(24).toString('base64url')}`;
  const UserAttributes = [
    { Name: 'email', Value: Username },
    { Name: 'nickname', Value: 'smoke' },
  ];
  await client.send(new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }));
  try {
    await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
    const { AuthenticationResult, ChallengeName } = await client.send(
      new AdminInitiateAuthCommand({
        ...{ UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' },
        AuthParameters: { USERNAME: Username, PASSWORD: Password },
      }),
    );
    if (AuthenticationResult?.AccessToken) return AuthenticationResult.AccessToken;
    throw new Error(`the user pool asks for more than a password (${ChallengeName}): set SMOKE_TOKEN`);
  } finally {
    await client.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
  }
}

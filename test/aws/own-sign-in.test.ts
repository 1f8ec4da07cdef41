import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { runChecks } from '../../deploy/check/all.ts';
import { compileStack, type Json, type Stack } from '../../deploy/check/stack.ts';
import { readParametersFile } from '../../deploy/parameters.ts';
import { handler } from '../../src/handlers/preTokenGeneration.ts';
import { IssuerKeys } from '../../src/infra/identity/issuer-keys.ts';
import { JwtVerifier } from '../../src/infra/identity/token-verifier.ts';
import { readIdentity, readPublic } from '../../src/infra/settings.ts';
import { readTemplate } from './cloudformation-yaml.ts';
import { deployerStatements } from './deployer.ts';
import { handlerPermissions } from './handler-permissions.ts';
import { allows } from './iam.ts';
import { providers } from './providers.ts';

const POOL = 'eu-central-1_Example12';
const CLIENT = '1example23456789';
const ISSUER = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL}`;

let stack: Stack;
beforeAll(async () => {
  stack = await compileStack({ ISSUER: '', AUDIENCE: '', CLIENT_ID: '' });
}, 180_000);

/** Returns the variables of a function, as CloudFormation would resolve them. */
function environmentOf(id: string): Record<string, string> {
  const variables: Record<string, Json> = stack.template.Resources[id]!.Properties.Environment.Variables;
  const given = Object.entries(variables).map(([name, value]) => [name, resolvedIn(name, value)]);
  return Object.fromEntries(given);
}

function resolvedIn(name: string, value: Json): string {
  if (typeof value === 'string') return value;
  if (value.Ref === 'UserPoolClient') return CLIENT;
  if (name === 'ISSUER') return value['Fn::Sub'].replace('${AWS::Region}', 'eu-central-1').replace('${UserPool}', POOL);
  return name === 'WEBSOCKET_URL' ? 'wss://box.example/prod' : 'https://box.example';
}

describe('a stage without an issuer', () => {
  test('passes every check', async () => {
    const results = await runChecks(stack);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  }, 180_000);

  test('needs no permission that the deployment role lacks', async () => {
    const statements = deployerStatements(await readTemplate('deploy/github-role.yml'));
    const types = [...new Set(Object.values(stack.template.Resources).map(({ Type }) => Type))];
    expect(types.filter((type) => type.startsWith('AWS::Cognito::'))).toHaveLength(5);
    for (const type of types) {
      const requests = handlerPermissions[type] ?? [{ action: 'unknown', resource: type }];
      expect(
        requests.filter((request) => !allows(statements, request)).map(({ action }) => action),
        type,
      ).toEqual([]);
    }
  });

  test('tells the widget the client of its pool, and no scope that Cognito refuses', () => {
    expect(readPublic(environmentOf('ConfigLambdaFunction'))).toMatchObject({
      issuer: ISSUER,
      clientId: CLIENT,
      scope: 'openid profile',
    });
  });

  test('lets its smoke test sign in by password', () => {
    const { UserPool, UserPoolClient } = stack.template.Resources;
    expect(UserPoolClient!.Properties.ExplicitAuthFlows).toContain('ALLOW_ADMIN_USER_PASSWORD_AUTH');
    // The deployment role may manage people only in user pools with this tag (checked in deploy.test.ts).
    expect(UserPool!.Properties.UserPoolTags).toEqual({ project: 'shout-box' });
    expect(stack.template.Outputs).toMatchObject({
      UserPoolId: { Value: { Ref: 'UserPool' } },
      UserPoolClientId: { Value: { Ref: 'UserPoolClient' } },
    });
  });

  test('lets the page for signing in ask its issuer', () => {
    const { ContentSecurityPolicy } =
      stack.template.Resources.SignInHeaders!.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
    expect(ContentSecurityPolicy.ContentSecurityPolicy).toContain(`connect-src 'self' ${new URL(ISSUER).origin};`);
  });

  test('needs no file of parameters', async () => {
    vi.spyOn(console, 'log').mockReturnValueOnce();
    expect(await readParametersFile('deploy/params.nowhere.yml')).toEqual({ GUESTS: 'true' });
  });
});

describe('an access token of its pool', () => {
  const { claims, header, idToken } = providers.find(({ name }) => name === 'cognito')!;
  let sign: (claims: Record<string, unknown>) => Promise<string>;
  let verifier: JwtVerifier;
  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const documents: Record<string, object> = {
      [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` },
      [`${ISSUER}/jwks`]: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', use: 'sig', alg: 'RS256' }] },
    };
    const published: typeof fetch = async (address) => Response.json(documents[String(address)]);
    const settings = readIdentity(environmentOf('ConnectLambdaFunction'));
    verifier = new JwtVerifier(settings, new IssuerKeys(ISSUER, published, Date.now), Date.now);
    const now = Math.floor(Date.now() / 1_000);
    sign = (given) =>
      new SignJWT({ ...given, iss: ISSUER, iat: now, exp: now + 3_600 })
        .setProtectedHeader({ ...header, alg: 'RS256', kid: 'k' })
        .sign(privateKey);
  });

  /** Returns the claims that Cognito writes into an access token after it has called the trigger. */
  async function claimsAfterTrigger(nickname: string, groups: string[]): Promise<Record<string, unknown>> {
    const event = {
      request: { userAttributes: { sub: claims.sub, nickname }, groupConfiguration: { groupsToOverride: groups } },
      response: {},
    } as unknown as PreTokenGenerationV2TriggerEvent;
    const answer = (await handler(event, {} as never, () => {})) as PreTokenGenerationV2TriggerEvent;
    const { accessTokenGeneration, groupOverrideDetails } = answer.response.claimsAndScopeOverrideDetails;
    const left = groupOverrideDetails?.groupsToOverride ?? [];
    return {
      ...claims,
      client_id: CLIENT,
      ...accessTokenGeneration?.claimsToAddOrOverride,
      ...(left.length > 0 && { 'cognito:groups': left }),
    };
  }

  test('shows the name that its person chose', async () => {
    const { actor } = await verifier.verify(await sign(await claimsAfterTrigger('Bea', [])));
    expect(actor).toMatchObject({ name: 'Bea' });
    expect(actor.role).toBeUndefined();
  });

  test('makes a moderator of whoever is in the group of that name', async () => {
    expect(stack.template.Resources.Moderators!.Properties.GroupName).toBe('moderators');
    const { actor } = await verifier.verify(await sign(await claimsAfterTrigger('Bea', ['readers', 'moderators'])));
    expect(actor.role).toBe('moderator');
  });

  test('is refused when it is for another client, or an ID token', async () => {
    const elsewhere = await sign({ ...(await claimsAfterTrigger('Bea', [])), client_id: 'another' });
    await expect(verifier.verify(elsewhere)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(verifier.verify(await sign(idToken))).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

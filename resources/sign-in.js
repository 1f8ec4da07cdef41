/**
 * `true` if ISSUER is not set. The stage then has a sign-in of its own: a Cognito user pool where people register
 * themselves (docs/decisions/0029-a-sign-in-of-its-own.md). Otherwise this file adds nothing to the stack.
 */
const own = !process.env.ISSUER;

const STACK = '${self:custom.name}';
const POOL = { Ref: 'UserPool' };
const CLIENT = { Ref: 'UserPoolClient' };

/** Defaults of the settings of sign-in, such as ISSUER. An empty default counts as not set (src/infra/settings.ts). */
export const issuer = own ? { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}' } : '';
// The pool's access tokens have no `aud`. Their `client_id` is compared instead (src/infra/identity/token-verifier.ts).
export const audience = own ? CLIENT : '';
export const clientId = own ? CLIENT : '';
// The pool has no scope `offline_access`, and refuses a request for a scope that it does not have.
export const scope = own ? 'openid profile' : '';
export const roleClaim = own ? 'cognito:groups' : '';
export const moderators = own ? 'moderators' : '';

export const functions = own
  ? { preTokenGeneration: { handler: 'src/handlers/preTokenGeneration.handler', role: 'PreTokenGenerationRole' } }
  : {};

/** The function's role needs no other permissions than those that resources/roles.js gives every role. */
export const grants = own ? { PreTokenGeneration: [] } : {};

const ownResources = {
  UserPool: {
    Type: 'AWS::Cognito::UserPool',
    // If the stack is removed, people and their names are kept, as the log is. If the deployment that creates the pool
    // fails, the pool is deleted.
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      UserPoolName: STACK,
      // The smoke test of a deployment creates a person. The deployment role may do so only in a pool with this tag
      // (deploy/github-role.yml).
      UserPoolTags: { project: 'shout-box' },
      // The cheapest plan in which a trigger can write into access tokens. It is free up to 10,000 people a month
      // (docs/cost.md).
      UserPoolTier: 'ESSENTIALS',
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
      // Required, so that the page for registering asks for it.
      Schema: [{ Name: 'nickname', Required: true, Mutable: true }],
      // Only length is required, because rules about characters make people choose worse passwords (NIST SP 800-63B,
      // section 3.1.1.2).
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
      LambdaConfig: {
        PreTokenGenerationConfig: {
          LambdaArn: { 'Fn::GetAtt': ['PreTokenGenerationLambdaFunction', 'Arn'] },
          LambdaVersion: 'V2_0',
        },
      },
    },
    Metadata: {
      cdk_nag: {
        rules_to_suppress: [
          { id: 'AwsSolutions-COG1', reason: 'Twelve characters of any kind (NIST SP 800-63B).' },
          { id: 'AwsSolutions-COG2', reason: 'It guards a name in a shoutbox; the operator can turn MFA on.' },
          { id: 'AwsSolutions-COG8', reason: 'Essentials has all that is used.' },
        ],
      },
    },
  },

  UserPoolClient: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: POOL,
      ClientName: STACK,
      // A browser cannot keep a secret. PKCE protects the authorization code instead.
      GenerateSecret: false,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'profile'],
      CallbackURLs: [
        {
          'Fn::Sub': [
            'https://${Name}/callback.html',
            {
              Name: {
                'Fn::If': ['HasDomain', '${self:custom.domain}', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }],
              },
            },
          ],
        },
      ],
      SupportedIdentityProviders: ['COGNITO'],
      // For the smoke test, and for an operator with AWS credentials who tries the box without a browser.
      // ALLOW_REFRESH_TOKEN_AUTH is not listed, because Cognito does not allow it together with refresh token rotation.
      // The widget refreshes at the token endpoint, which does not need this flow.
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
      ReadAttributes: ['email', 'email_verified', 'nickname'],
      WriteAttributes: ['email', 'nickname'],
    },
  },

  UserPoolDomain: {
    Type: 'AWS::Cognito::UserPoolDomain',
    Properties: {
      UserPoolId: POOL,
      // Contains the account's id, because the domain must be unique among all accounts of the region.
      Domain: { 'Fn::Sub': `${STACK}-\${AWS::AccountId}` },
      // "Managed login", the newer of Cognito's two sets of pages. It shows nothing without a style (UserPoolStyle).
      ManagedLoginVersion: 2,
    },
  },

  UserPoolStyle: {
    Type: 'AWS::Cognito::ManagedLoginBranding',
    Properties: { UserPoolId: POOL, ClientId: CLIENT, UseCognitoProvidedValues: true },
  },

  Moderators: {
    Type: 'AWS::Cognito::UserPoolGroup',
    Properties: { UserPoolId: POOL, GroupName: moderators, Description: 'Moderators of the rooms' },
  },

  PreTokenGenerationPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { 'Fn::GetAtt': ['PreTokenGenerationLambdaFunction', 'Arn'] },
      Action: 'lambda:InvokeFunction',
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': ['UserPool', 'Arn'] },
    },
  },
};

export const resources = own
  ? {
      Resources: ownResources,
      Outputs: {
        UserPoolId: { Description: 'Who can sign in', Value: POOL },
        UserPoolClientId: { Description: 'What they sign in to', Value: CLIENT },
      },
    }
  : {};

import type { PreTokenGenerationV2TriggerHandler } from 'aws-lambda';

/**
 * Puts the name that a person chose into their access token, where Cognito itself writes only a random user name.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export const handler: PreTokenGenerationV2TriggerHandler = async (event) => {
  const { userAttributes, groupConfiguration } = event.request;
  event.response.claimsAndScopeOverrideDetails = {
    accessTokenGeneration: { claimsToAddOrOverride: { name: userAttributes.nickname ?? '' } },
    // Without this, Cognito would leave the groups out of the token, and moderators would lose their role.
    groupOverrideDetails: groupConfiguration,
  };
  return event;
};

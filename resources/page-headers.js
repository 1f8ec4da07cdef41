import { contentSecurityPolicies, PAGE_HEADERS } from '../web/pages/headers.ts';

const { ISSUER, ALLOWED_ORIGINS = '' } = process.env;

/** Returns a function that the Serverless Framework calls to get the Content Security Policy of a page. */
const policyOf =
  (page) =>
  async ({ resolveConfigurationProperty }) => {
    const region = await resolveConfigurationProperty(['provider', 'region']);
    // Without ISSUER, the issuer is the stage's own user pool (resources/sign-in.js). The URL has no
    // pool id here, because the policy needs only the origin.
    const issuer = ISSUER || `https://cognito-idp.${region}.amazonaws.com`;
    return contentSecurityPolicies({ issuer, allowedOrigins: ALLOWED_ORIGINS.split(',').filter(Boolean) })[page];
  };

export const embed = policyOf('embed');
export const callback = policyOf('callback');
export const signIn = policyOf('sign-in');
export const referrerPolicy = PAGE_HEADERS['Referrer-Policy'];

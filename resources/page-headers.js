import { contentSecurityPolicies, PAGE_HEADERS } from '../web/pages/headers.ts';

const { ISSUER, ALLOWED_ORIGINS = '' } = process.env;

/** Returns a function that the framework calls for the Content Security Policy of a page (web/pages/headers.ts). */
const policyOf =
  (page) =>
  async ({ resolveConfigurationProperty }) => {
    const region = await resolveConfigurationProperty(['provider', 'region']);
    // Without ISSUER, the issuer is the stage's own user pool (resources/sign-in.js). The policy needs only its origin.
    const issuer = ISSUER || `https://cognito-idp.${region}.amazonaws.com`;
    return contentSecurityPolicies({ issuer, allowedOrigins: ALLOWED_ORIGINS.split(',').filter(Boolean) })[page];
  };

export const embed = policyOf('embed');
export const callback = policyOf('callback');
export const signIn = policyOf('sign-in');
export const referrerPolicy = PAGE_HEADERS['Referrer-Policy'];

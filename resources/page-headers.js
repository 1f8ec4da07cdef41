import { contentSecurityPolicies, PAGE_HEADERS } from '../web/pages/headers.ts';

const { ISSUER, ALLOWED_ORIGINS = '' } = process.env;
const policies = contentSecurityPolicies({
  // `serverless package` of the checks has no issuer.
  issuer: URL.canParse(ISSUER) ? ISSUER : 'https://issuer.example',
  allowedOrigins: ALLOWED_ORIGINS.split(',').filter(Boolean),
});

/** The Content Security Policy of each page: web/pages/headers.ts. */
export const { embed, callback } = policies;
export const signIn = policies['sign-in'];
export const referrerPolicy = PAGE_HEADERS['Referrer-Policy'];

import { AuthorizationResponseError } from 'oauth4webapi';
import { expect, test } from 'vitest';
import { diagnoseIssuer } from './issuer.ts';

const signIn = { issuer: 'https://issuer.example', clientId: 'box', callback: 'https://shout.example/callback.html' };
const page = {
  origin: 'https://site.example',
  fetch: () => Promise.reject(new TypeError('Failed to fetch')),
  blocked: async () => false,
};

/** Errors as oauth4webapi throws them. */
const answer = (error: string) => new AuthorizationResponseError('refused', { cause: new URLSearchParams({ error }) });
const response = (status: number, error?: string) => Object.assign(new Error('refused'), { status, error });
const page404 = new Error('not a token response', { cause: new Response('<!doctype html>', { status: 404 }) });

test.each<[string, Error, string]>([
  ['an error on the way back that a setting can cause', answer('unauthorized_client'), '(unauthorized_client)'],
  ['a scope that is not the client’s', answer('invalid_scope'), '(invalid_scope)'],
  ['a client that is not known', response(401, 'invalid_client'), '(HTTP 401, invalid_client)'],
  ['a page that is no token endpoint', page404, '(HTTP 404)'],
])('%s is told to the author of the page', async (_, error, said) => {
  expect(await diagnoseIssuer(signIn, error, page)).toContain(`${signIn.issuer} refuses the client box ${said}`);
});

test.each<[string, Error]>([
  ['a person who refuses', answer('access_denied')],
  ['an issuer that is out of order', answer('temporarily_unavailable')],
  ['too many requests', response(429)],
  ['a fault of the issuer', response(503)],
  ['an ID token of another request', Object.assign(new Error('unexpected nonce'), { code: 'OAUTH_INVALID_RESPONSE' })],
  ['a mistake of our own', Object.assign(new TypeError('"code" must be a string'), { code: 'ERR_INVALID_ARG_TYPE' })],
])('%s is no setting to mend', async (_, error) => {
  expect(await diagnoseIssuer(signIn, error, page)).toBeUndefined();
});

test('an issuer that gives no answer in time is one that does not answer', async () => {
  const message = await diagnoseIssuer(signIn, new DOMException('timed out', 'TimeoutError'), page);
  expect(message).toContain('The issuer https://issuer.example does not answer at https://issuer.example/.well-known/');
});

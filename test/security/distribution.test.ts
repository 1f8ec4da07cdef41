import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BackEnd } from './back-end.ts';

const ORIGIN = 'https://example.org';

let backEnd: BackEnd;
beforeAll(async () => {
  backEnd = await BackEnd.start({ ORIGIN_SECRETS: 'first,second', ALLOWED_ORIGINS: ORIGIN, GUESTS: 'true' });
});
afterAll(() => {
  // Other test files may run in this process, and their requests do not have the secret.
  delete process.env.ORIGIN_SECRETS;
  return backEnd.stop();
});

const entrances: Record<string, (headers: Record<string, string>) => Promise<{ statusCode: number; body?: string }>> = {
  'GET /chat-history': (headers) => backEnd.get('chatHistory', {}, headers),
  'GET /events': (headers) => backEnd.get('events', { after: '0' }, headers),
  'GET /config': (headers) => backEnd.invoke('config', { version: '2.0', headers }),
  $connect: async (headers) => (await backEnd.connect({ headers: { Origin: ORIGIN, ...headers } })).answer,
};

describe.each(Object.keys(entrances))('%s, around the distribution', (name) => {
  const enter = entrances[name]!;

  it.each([
    { attack: 'without its header', headers: {} },
    { attack: 'with an empty one', headers: { 'x-shout-box-origin': '' } },
    { attack: 'with another secret', headers: { 'x-shout-box-origin': 'third' } },
    { attack: 'with the beginning of a secret', headers: { 'x-shout-box-origin': 'fir' } },
    { attack: 'with both secrets', headers: { 'x-shout-box-origin': 'first,second' } },
    { attack: 'with a good token', headers: {}, token: true },
  ])('$attack: refused, whoever asks (ASVS 5 13.2.1)', async ({ headers, token }) => {
    const authorization = token ? { authorization: `Bearer ${backEnd.token()}` } : {};
    const answer = await enter({ ...headers, ...authorization } as Record<string, string>);
    expect(answer.statusCode).toBe(403);
    expect(JSON.parse(answer.body!)).toEqual({ code: 'forbidden', message: "Use the site's own address." });
  });

  it.each(['first', 'second'])('with the %s secret: let in', async (secret) => {
    expect((await enter({ 'x-shout-box-origin': secret })).statusCode).toBe(200);
  });
});

import { describe, expect, it } from 'vitest';
import { backEndEnvironment, readLocalSettings, redirectUris } from './settings.ts';

describe('the settings of the local stack', () => {
  it('have defaults for everything', () => {
    expect(readLocalSettings({ ALLOWED_ORIGINS: '' })).toMatchObject({
      ports: { http: 3000, ws: 3001, web: 5173, issuer: 4000, dynamodb: 8000 },
      dynamodb: { endpoint: 'http://127.0.0.1:8000', ours: true },
      issuer: { url: 'http://localhost:4000', ours: true },
      allowedOrigins: ['http://localhost:5173', 'http://127.0.0.1:5173'],
      connectingOrigins: [
        ...['http://localhost:5173', 'http://127.0.0.1:5173'],
        ...['http://localhost:*', 'http://127.0.0.1:*'],
      ],
      tokenSeconds: 3600,
    });
  });

  it('do not start what the developer provides', () => {
    const settings = readLocalSettings({ DYNAMODB_ENDPOINT: 'http://db:8000', ISSUER: 'https://id.example/' });
    expect(settings.dynamodb).toEqual({ endpoint: 'http://db:8000', ours: false });
    expect(settings.issuer).toEqual({ url: 'https://id.example/', ours: false });
  });

  it.each(['0', '65536', '80.5', 'http', '-1'])('refuse the port %s', (port) => {
    expect(() => readLocalSettings({ SHOUT_WEB_PORT: port })).toThrow(`SHOUT_WEB_PORT must be a whole number`);
  });

  it('listen on loopback, unless told to listen elsewhere', () => {
    expect(readLocalSettings({}).bind).toBe('127.0.0.1');
    expect(readLocalSettings({ SHOUT_BIND: '0.0.0.0' }).bind).toBe('0.0.0.0');
    expect(() => readLocalSettings({ SHOUT_BIND: 'localhost' })).toThrow('SHOUT_BIND must be an IP address');
  });

  it('allow the callback page of either origin as redirect', () => {
    expect(redirectUris(readLocalSettings({ SHOUT_WEB_PORT: '99' }))).toEqual([
      'http://localhost:99/callback.html',
      'http://127.0.0.1:99/callback.html',
    ]);
  });
});

describe('the environment of the back end', () => {
  it('prefers values that the developer set, unless they are empty', () => {
    const env = { GUESTS: 'false', CLIENT_ID: '', RATE_BURST: '3', HOME: '/home/me' };
    expect(backEndEnvironment(readLocalSettings(env), env)).toMatchObject({
      GUESTS: 'false',
      CLIENT_ID: 'shout-box',
      RATE_BURST: '3',
      HOME: '/home/me',
    });
  });

  it('passes the developer’s credentials to AWS only', () => {
    const own = {
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
      AWS_PROFILE: 'prod',
    };
    const environment = (endpoint: Record<string, string>) =>
      backEndEnvironment(readLocalSettings({ ...own, ...endpoint }), { ...own, ...endpoint });
    expect(environment({ DYNAMODB_ENDPOINT: 'https://dynamodb.eu-central-1.amazonaws.com' })).toMatchObject(own);
    for (const elsewhere of [{}, { DYNAMODB_ENDPOINT: 'http://localhost:8001' }]) {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE } = environment(elsewhere);
      expect([AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY]).toEqual(['local', 'local']);
      expect([AWS_SESSION_TOKEN, AWS_PROFILE]).toEqual([undefined, undefined]);
    }
  });
});

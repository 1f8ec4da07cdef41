import { EVENTS_TABLE, STATE_TABLE } from '../tables.ts';
import { ISSUER } from './issuer.ts';
import type { Handler } from './lambda.ts';
import { WEB_SOCKET_URL } from './person.ts';

Object.assign(process.env, {
  ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  ...{ EVENTS_TABLE, STATE_TABLE, ISSUER, AUDIENCE: 'https://shout-box.example', CLIENT_ID: 'shout-box' },
  CONNECTIONS_ENDPOINT: 'https://ws.example/sim',
  PARKING_QUEUE: 'https://sqs.example/parked-events',
  WEBSOCKET_URL: WEB_SOCKET_URL,
  ALLOWED_ORIGINS: '*',
  GUESTS: 'true',
  ROOMS: '*',
  // High limits, so that the rate limiter does not stop the writers.
  RATE_BURST: '1000',
  RATE_PER_SECOND: '200',
});

const NAMES = [
  ...['connect', 'disconnect', 'default', 'ping', 'authenticate', 'sendMessage', 'deleteMessage'],
  ...['banPerson', 'unbanPerson', 'changeRoom'],
  ...['config', 'chatHistory', 'events', 'fanOut', 'redrive'],
];

/**
 * The product's own handlers, by name. They are not imported at the top of the file, because `process.env` must be set
 * first.
 */
export const handlers: Readonly<Record<string, Handler>> = Object.fromEntries(
  await Promise.all(
    NAMES.map(async (name) => {
      const { handler } = (await import(`../../src/handlers/${name}.ts`)) as { handler: Handler };
      return [name, handler] as const;
    }),
  ),
);

import type { JSONSchema } from 'json-schema-to-typescript';
import { stringify } from 'yaml';

type Definitions = Readonly<Record<string, JSONSchema>>;

/** The actions that are not answered with an `ack`, and the types of their answers. */
const ANSWERS: Readonly<Record<string, string>> = { ping: 'pong', authenticate: 'authenticated' };

const channel = { $ref: '#/channels/room' };
const message = (name: string) => ({ $ref: `#/channels/room/messages/${name}` });

/**
 * Returns the AsyncAPI document of the WebSocket API, as YAML.
 * @param client definitions of client.json
 * @param server definitions of server.json
 */
export function asyncApi(client: Definitions, server: Definitions): string {
  const actions = Object.entries(client).flatMap(([title, { properties, examples }]) =>
    properties?.action?.const ? [{ title, name: properties.action.const, examples }] : [],
  );
  const answers = Object.entries(server).flatMap(([title, { properties }]) =>
    properties?.type?.const ? [{ title, name: properties.type.const }] : [],
  );
  const payloads = [
    ...actions.map(({ title, name, examples }) => [
      name,
      {
        payload: { $ref: `client.json#/$defs/${title}` },
        ...(Array.isArray(examples) ? { examples: examples.map((payload) => ({ payload })) } : {}),
      },
    ]),
    ...answers.map(({ title, name }) => [name, { payload: { $ref: `server.json#/$defs/${title}` } }]),
  ];
  const operations = actions.map(({ name }) => [
    name,
    {
      ...{ action: 'receive', channel, messages: [message(name)] },
      reply: { messages: [message(ANSWERS[name] ?? 'ack'), message('error')] },
    },
  ]);
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'shout-box over WebSocket',
      version: '1.0.0',
      description: `One JSON object in each text frame. A frame that is refused is answered with an \`error\`; the socket stays open.
The token travels in \`Authorization: Bearer <jwt>\`, or, from a browser, as the subprotocol \`bearer.<jwt>\` offered
after \`shout-box.v1\`. It is refused in the query string.
`,
    },
    servers: { local: { host: 'localhost:3001', protocol: 'ws' } },
    channels: {
      room: {
        address: '/',
        description: 'One connection is in one room.',
        bindings: { ws: { query: { $ref: 'http.json#/$defs/ConnectQuery' } } },
        messages: Object.fromEntries(payloads),
      },
    },
    operations: {
      ...Object.fromEntries(operations),
      events: { action: 'send', channel, messages: [message('events')] },
    },
  };
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}

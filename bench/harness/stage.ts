import { startDynamoDB } from '../../test/dynamodb.ts';
import { type Contender, type Contenders, startContender } from './contender.ts';
import { Room } from './room.ts';
import { type Sink, startSink } from './sink.ts';

/** A database, a sink in place of `@connections`, and contenders whose environment variables point to these two. */
export interface Stage {
  sink: Sink;
  room(name: string): Room;
  contender(file: string, name: string, env?: NodeJS.ProcessEnv): Promise<Contender>;
  /** Starts all contenders of a benchmark file. */
  contenders(file: string, all: Contenders): Promise<Contender[]>;
  stop(): Promise<void>;
}

export async function setStage({ tls = true } = {}): Promise<Stage> {
  const [database, sink] = await Promise.all([startDynamoDB(), startSink(tls)]);
  const running: Contender[] = [];
  const environment = {
    // The AWS SDK reads this variable in every contender. Only our own code would read DYNAMODB_ENDPOINT.
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    CONNECTIONS_ENDPOINT: `${sink.url}/bench`,
    ...sink.trust,
    // As long as a Lambda's session token. It is signed and sent with every request, so its length affects the cost.
    AWS_SESSION_TOKEN: 'token'.repeat(160),
    WEBSOCKET_URL: 'wss://bench.example',
    ISSUER: 'https://issuer.example',
    AUDIENCE: 'https://shout-box.example',
    CLIENT_ID: 'shout-box',
    ALLOWED_ORIGINS: '*',
  };
  const start: Stage['contender'] = async (file, name, env = {}) => {
    const contender = await startContender(file, name, { ...environment, ...env });
    running.push(contender);
    return contender;
  };
  return {
    sink,
    room: (name) => new Room(name, database.endpoint),
    contender: start,
    contenders: (file, all) => Promise.all(Object.keys(all).map((name) => start(file, name))),
    async stop() {
      for (const contender of running) contender.stop();
      sink.stop();
      await database.stop();
    },
  };
}

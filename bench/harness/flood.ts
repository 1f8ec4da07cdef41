import { randomFrom } from '../../test/faults/random.ts';
import { ApiGateway } from '../../test/simulate/api-gateway.ts';
import { Database } from '../../test/simulate/database.ts';
import { Issuer, SimulatedVerifier } from '../../test/simulate/issuer.ts';
import { type Handler, Lambda } from '../../test/simulate/lambda.ts';
import { enter } from '../../test/simulate/outside.ts';
import { WEB_SOCKET_URL } from '../../test/simulate/person.ts';
import { SimulatedQueue } from '../../test/simulate/queue.ts';
import { VirtualTime } from '../../test/simulate/time.ts';
import { Trace } from '../../test/simulate/trace.ts';
import { Throttle } from './throttle.ts';

export interface Flood {
  minutes: number;
  /** Maximum number of connections that the flooding person has open at the same time. */
  connections: number;
  /** Number of frames that the flood sends in one second. It uses one connection after the other. */
  framesPerSecond: number;
  /** Number of frames that everybody else together sends on the same route in one second. */
  othersPerSecond: number;
  guest: boolean;
}

export interface Flooded {
  /** Share of the others' frames that the route let in, from 0 to 1. */
  left: number;
  /** Number of frames of the flood that the route let in. */
  taken: number;
  dials: number;
  closed: number;
}

interface Line {
  open: boolean;
  send: (text: string) => void;
}

/** Round trip between API Gateway and the function, ms. The longer it is, the later a flooding connection is closed. */
const INVOKE_MS = 60;
const REDIAL_MS = 1_000;
const TICK_MS = 0.5;

/** Lambda behind API Gateway's throttle of `sendMessage` (resources/extensions.yml). */
class ThrottledLambda extends Lambda {
  readonly throttle: Throttle;
  readonly #time: VirtualTime;

  constructor(throttle: Throttle, ...rest: ConstructorParameters<typeof Lambda>) {
    super(...rest);
    this.throttle = throttle;
    this.#time = rest[1];
  }

  override async invoke(name: string, event: unknown): Promise<unknown> {
    if (name === 'sendMessage' && !this.throttle.take(this.#time.now()))
      return { statusCode: 429, body: '{"message":"Too Many Requests"}' };
    await this.#time.sleep(INVOKE_MS / 2);
    const answer = await super.invoke(name, event);
    await this.#time.sleep(INVOKE_MS / 2);
    return answer;
  }
}

/**
 * Simulates one person who floods the route `sendMessage`, and measures which share of the others' frames the throttle
 * of this route still lets in. The flood goes through the real handlers, on a virtual clock. The others' frames go only
 * through the throttle.
 */
export function flood(
  handlers: Readonly<Record<string, Handler>>,
  route: { burst: number; perSecond: number },
  { minutes, connections, framesPerSecond, othersPerSecond, guest }: Flood,
): Promise<Flooded> {
  const time = new VirtualTime();
  const random = randomFrom(11);
  const trace = new Trace(() => time.elapsed);
  const throttle = new Throttle(route);
  const lambda = new ThrottledLambda(throttle, handlers, time, random.fork('lambda'), trace);
  const database = new Database(time, random.fork('database'), trace, () => {});
  const gateway = new ApiGateway(lambda, time, random.fork('gateway'), trace);
  const queue = new SimulatedQueue(lambda, time, random.fork('queue'), trace);
  const issuer = new Issuer(time);
  const settings = { nameClaim: 'name', roleClaim: 'roles', moderators: [], pictureOrigins: [], roomRoles: [] };
  const verifier = new SimulatedVerifier(issuer, time, settings);
  let made = 0;
  enter({
    ...{ time, database, gateway, queue, verifier, random: random.fork('functions').next },
    createId: () => `id-${++made}`,
    told: () => {},
  });
  const until = time.now() + minutes * 60_000;
  const arrival = random.fork('others').next;
  let [dials, closed, offered, passed] = [0, 0, 0, 0];

  const others = async () => {
    // The others' frames come at random times, independently of each other (a Poisson process).
    for (; time.now() < until; await time.sleep((-Math.log(1 - arrival()) * 1_000) / othersPerSecond)) {
      offered++;
      if (throttle.take(time.now())) passed++;
    }
  };

  const dial = (): Promise<Line | undefined> =>
    new Promise((resolve) => {
      dials++;
      const bearer = guest ? [] : [`bearer.${issuer.token('mallory', 86_400)}`];
      const line: Line = { open: true, send: (text) => receive(JSON.stringify({ action: 'sendMessage', text })) };
      const { receive } = gateway.connect(new URL(WEB_SOCKET_URL), ['shout-box.v1', ...bearer], {
        opened: () => resolve(line),
        received: () => {},
        closed: () => {
          line.open = false;
          resolve(undefined);
        },
      });
    });

  /** Floods a connection until it is closed or the time is over. */
  const pour = async (line: Line) => {
    const start = time.now();
    for (let sent = 0; line.open && time.now() < until; await time.sleep(TICK_MS))
      while (sent < ((time.now() - start) * framesPerSecond) / 1_000) line.send(`flood ${sent++}`);
    if (!line.open) closed++;
  };

  /** Opens the connections, floods them one after the other, and repeats. Waits a second if none could be opened. */
  const mallory = async () => {
    while (time.now() < until) {
      const lines: Line[] = [];
      for (let line = await dial(); line; line = lines.length < connections ? await dial() : undefined)
        lines.push(line);
      for (const line of lines) await pour(line);
      if (lines.length === 0) await time.sleep(REDIAL_MS);
    }
  };

  return time.run(async () => {
    await Promise.all([others(), mallory()]);
    return { left: passed / offered, taken: throttle.taken - passed, dials, closed };
  });
}

import { VirtualTime } from '../test/simulate/time.ts';
import { type Crowd, gather } from './harness/crowd.ts';
import type { Report } from './harness/report.ts';
import type { Options } from './main.ts';

const READS_PER_SECOND = 1_000;
const DIALS_PER_SECOND = 500;
const OUTAGE_MS = 60_000;
/** Time after which a run fails if some client still lacks an event or its connection, ms. */
const PATIENCE_MS = 10 * 60_000;

interface Outcome {
  /** Number of HTTP requests in the worst second. Requests for `/config` do not count. */
  reads: number;
  /** Number of attempts to connect in the worst second. */
  dials: number;
  /** Number of pings in the worst second. */
  pings: number;
  /** Time until every client was connected and had every event, ms. */
  wholeMs: number;
}

interface Storm {
  name: string;
  /** @returns time until every client is connected and has every event, ms. The time of an outage does not count. */
  strike: (crowd: Crowd, time: VirtualTime) => Promise<number>;
}

const LOST: Storm = {
  name: 'everybody misses a frame, and the next one comes a second later',
  strike: async ({ server, whole }, time) => {
    server.append();
    await time.sleep(1_000);
    server.deliver(server.append());
    return 1_000 + (await whole(PATIENCE_MS));
  },
};

const LAST_LOST: Storm = {
  name: 'everybody misses the last frame before a silence',
  strike: async ({ server, whole }) => {
    server.deliver(server.append());
    server.append();
    return whole(PATIENCE_MS);
  },
};

const CUT: Storm = {
  name: 'all are cut at once',
  strike: async ({ server, whole }) => {
    server.cut();
    return whole(PATIENCE_MS);
  },
};

const OUTAGE: Storm = {
  name: `all are cut, and the server is away for ${OUTAGE_MS / 1_000} s`,
  strike: async ({ server, whole }, time) => {
    server.down = true;
    server.cut();
    await time.sleep(OUTAGE_MS);
    server.down = false;
    return whole(PATIENCE_MS);
  },
};

/**
 * Lets up to 10,000 real clients lose the same frame, or lose their connections at the same time. Counts the requests
 * that follow, and measures the time until all clients have recovered. The clock is virtual.
 */
export async function run({ quick }: Options): Promise<Report> {
  const large = quick ? 2_000 : 10_000;
  const rows: (string | number)[][] = [];
  const of = async (storm: Storm, size: number, counted = true): Promise<Outcome> => {
    const outcome = await weather(storm, size, counted);
    const { reads, dials, pings, wholeMs } = outcome;
    rows.push([counted ? storm.name : `${storm.name}, and nobody counted`, size, reads, dials, pings, wholeMs / 1_000]);
    return outcome;
  };
  const lost = await of(LOST, large);
  const lastLost = await of(LAST_LOST, large);
  const cut = await of(CUT, large);
  const outage = await of(OUTAGE, large);
  const rooms = [await of(OUTAGE, 10), await of(OUTAGE, 100), await of(OUTAGE, 1_000)];
  const cutRooms = [await of(CUT, 100), await of(CUT, 1_000)];
  const uncounted = await of(LOST, large, false);
  await of(CUT, large, false);
  const seconds = (outcomes: Outcome[]) => Math.max(...outcomes.map(({ wholeMs }) => wholeMs)) / 1_000;
  const dials = (outcomes: Outcome[]) => Math.max(...outcomes.map((outcome) => outcome.dials));
  return {
    title: `${large.toLocaleString('en-US')} real clients that lose the same frame or their connections together, on a virtual clock`,
    unit: 'requests in the worst second after a lost frame',
    ours: lost.reads,
    limit: READS_PER_SECOND,
    rivals: { 'the same clients where nobody counted them': uncounted.reads },
    figures: {
      dials: dials([cut, outage]),
      wholeAfterLostFrameSeconds: seconds([lost]),
      wholeAfterLastFrameSeconds: seconds([lastLost]),
      backAfterCutSeconds: seconds([cut]),
      backAfterOutageSeconds: seconds([outage]),
      roomsUpTo1000Seconds: seconds(rooms),
    },
    claims: [
      { what: 'requests in the worst second after a lost frame', value: lost.reads, atMost: READS_PER_SECOND },
      { what: 's until everybody is whole after a lost frame', value: seconds([lost]), atMost: 20 },
      { what: 's until everybody is whole after a lost last frame', value: seconds([lastLost]), atMost: 27 },
      { what: 'requests in that worst second', value: lastLost.reads, atMost: READS_PER_SECOND },
      {
        what: 'dials in the worst second',
        value: dials([cut, outage, ...cutRooms, ...rooms]),
        atMost: DIALS_PER_SECOND,
      },
      { what: 's until everybody is back after a mass cut', value: seconds([cut, outage]), atMost: 30 },
      { what: 's after the server until everybody is back in rooms up to 1,000', value: seconds(rooms), atMost: 3 },
    ],
    tables: [
      {
        caption:
          'In the worst second. Latencies are 20 to 120 ms, posts 10,000 a second, and more than 500 dials a second are refused.',
        columns: ['', 'clients', 'reads', 'dials', 'pings', 's until all are whole'],
        rows,
      },
    ],
  };
}

function weather({ strike }: Storm, size: number, counted: boolean): Promise<Outcome> {
  const time = new VirtualTime();
  return time.run(async () => {
    const crowd = await gather(time, size, counted);
    const { server } = crowd;
    server.reset();
    const wholeMs = await strike(crowd, time);
    // Waits half a minute, so that requests after the recovery are counted too.
    await time.sleep(30_000);
    return { reads: server.reads.peak, dials: server.dials.peak, pings: server.pings.peak, wholeMs };
  });
}

import type { Pool as UndiciPool } from 'undici';
import { lambdaContext } from '../test/lambda-context.ts';
import type { Contender, Contenders, Sample } from './harness/contender.ts';
import { interleave, median } from './harness/measure.ts';
import type { Claim, Report, Table } from './harness/report.ts';
import type { Room } from './harness/room.ts';
import { connectionIds } from './harness/sink.ts';
import { type Stage, setStage } from './harness/stage.ts';
import { allAtOnce, pagesOf50, type StockRound, serial, stockFanOut } from './harness/stock-fan-out.ts';
import type { Options } from './main.ts';

type Round = StockRound & { connections: number };

const OURS = 'the real fanOut handler';
const LIMIT = 'unsigned keep-alive posts with undici';

export const contenders: Contenders = {
  [OURS]: async () => {
    const { handler } = await import('../src/handlers/fanOut.ts');
    return ({ event }: Round) => handler(event, lambdaContext());
  },
  /** The theoretical limit: only posts, without signing the requests or looking at the answers. */
  [LIMIT]: async () => {
    const { Pool } = await import('undici');
    const { origin, pathname } = new URL(process.env.CONNECTIONS_ENDPOINT!);
    const pool = new Pool(origin, { connections: 100, pipelining: 1 });
    return async ({ event, connections, firstSeq }: Round) => {
      const body = JSON.stringify({ seq: firstSeq, event: event.Records[0]!.dynamodb!.NewImage });
      const ids = connectionIds(connections);
      const worker = async () => {
        for (let id = ids.pop(); id; id = ids.pop()) await post(pool, `${pathname}/@connections/${id}`, body);
      };
      await Promise.all(Array.from({ length: 100 }, worker));
    };
  },
  'SDK, all at once': stockFanOut(allAtOnce),
  'SDK, pages of 50': stockFanOut(pagesOf50),
  'SDK, one by one': stockFanOut(serial),
};

function post(pool: UndiciPool, path: string, body: string): Promise<void> {
  return new Promise((resolve) => {
    pool.dispatch(
      { method: 'POST', path, headers: { 'content-type': 'application/octet-stream' }, body },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData() {},
        onResponseEnd: () => resolve(),
        onResponseError: () => resolve(),
      },
    );
  });
}

/**
 * Returns whether a contender takes part in a room of this size. A rival that posts one by one, or 50 at a time, skips
 * the larger rooms, because a run would take minutes. Its cost per delivery would be the same as in a small room.
 */
function takesPart(name: string, connections: number): boolean {
  if (name === 'SDK, one by one') return connections <= 100;
  return name !== 'SDK, pages of 50' || connections <= 1_000;
}

export async function run({ quick }: Options): Promise<Report> {
  const stage = await setStage();
  try {
    // Starts with the largest room, so that all code is warm before the small rooms are measured.
    const sizes = quick ? [1_000] : [10_000, 1_000, 100];
    const answers = quick ? [5] : [0, 5, 20];
    const rows: (string | number)[][] = [];
    const cells = new Map<string, Record<string, number>>();
    const running = await stage.contenders(import.meta.filename, contenders);
    for (const connections of sizes) {
      const room = stage.room(`room-${connections}`);
      await room.connect(connectionIds(connections));
      for (const answerMs of answers) {
        const taking = running.filter(({ name }) => takesPart(name, connections));
        const samplers = Object.fromEntries(
          taking.map((contender) => [contender.name, () => sample(stage, room, connections, answerMs, contender)]),
        );
        const samples = await interleave(connections === 10_000 ? 3 : quick ? 4 : 7, samplers);
        const perDelivery = (name: string, key: 'cpuMs' | 'wallMs') =>
          (median((samples[name] ?? []).map((one) => one[key])) * 1_000) / connections;
        const cpu = Object.fromEntries(Object.keys(samples).map((name) => [name, perDelivery(name, 'cpuMs')]));
        cells.set(`${connections}/${answerMs}`, cpu);
        rows.push(
          ...Object.keys(samples).map((name) => [
            name,
            connections,
            answerMs,
            cpu[name]!,
            perDelivery(name, 'wallMs'),
            cpu[name]! / cpu[LIMIT]!,
            name === LIMIT ? '' : median(samples[name]!.map(({ facts }) => (facts as { missed: number }).missed)),
          ]),
        );
      }
    }
    return report(cells, rows);
  } finally {
    await stage.stop();
  }
}

/** Delivers one message to a room and counts the connections that missed it. Throws if our handler made a mistake. */
async function sample(
  stage: Stage,
  room: Room,
  connections: number,
  answerMs: number,
  contender: Contender,
): Promise<Sample> {
  const ids = connectionIds(connections);
  const gone = ids.filter((id) => id.startsWith('gone'));
  await room.connect(gone);
  const event = await room.append(1);
  const firstSeq = (await room.head()) + 1;
  await stage.sink.behave({ answerMs, lastSeq: firstSeq });
  const result = await contender.run({ event, room: room.name, firstSeq, connections });
  const { complete, disordered, unsigned } = await stage.sink.tally();
  const expected = connections - gone.length;
  const facts = { missed: expected - complete, left: await room.connections() };
  const wrong = facts.missed !== 0 || disordered > 0 || unsigned > 0 || facts.left !== expected;
  if (contender.name === OURS && wrong) {
    throw new Error(`A fast wrong answer: ${JSON.stringify({ ...facts, disordered, unsigned })}`);
  }
  return { ...result, facts };
}

function report(cells: ReadonlyMap<string, Record<string, number>>, rows: Table['rows']): Report {
  const headline = cells.get('1000/5')!;
  const { [OURS]: ours, [LIMIT]: limit, ...rivals } = headline as Record<string, number> & { [OURS]: number };
  // Leaves out the rooms of 100 connections. In such a room, numbering the message and listing the connections cost
  // more than the posts, and the contender `LIMIT` does neither.
  const large = [...cells].filter(([cell]) => !cell.startsWith('100/')).map(([, cell]) => cell);
  const ratios = large.map((cell) => cell[OURS]! / cell[LIMIT]!);
  const leads = large.map(
    (cell) =>
      Math.min(
        ...Object.keys(cell)
          .filter((name) => name.startsWith('SDK'))
          .map((name) => cell[name]!),
      ) / cell[OURS]!,
  );
  const claims: Claim[] = [
    { what: 'CPU to the limit, worst case from 1,000 connections', value: Math.max(...ratios), atMost: 2 },
    { what: 'the best rival to ours, worst case from 1,000 connections', value: Math.min(...leads), atLeast: 5 },
  ];
  return {
    title:
      'CPU of one delivery: a message to 1,000 connections of which 2 % are gone and 2 % throttle, answered in 5 ms',
    unit: 'µs CPU per delivery',
    ours: ours!,
    limit: limit!,
    rivals,
    claims,
    tables: [
      {
        caption:
          'With ours, every connection got the message once and the gone ones were removed, or the run fails; whom the rivals left out is counted.',
        columns: ['', 'connections', 'answer ms', 'µs CPU', 'µs wall', 'CPU to limit', 'missed'],
        rows,
      },
    ],
  };
}

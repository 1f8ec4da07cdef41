import type { DynamoDBStreamEvent } from 'aws-lambda';
import { lambdaContext } from '../test/lambda-context.ts';
import type { Contenders } from './harness/contender.ts';
import type { Report } from './harness/report.ts';
import { type Behaviour, connectionIds } from './harness/sink.ts';
import { setStage } from './harness/stage.ts';
import type { Options } from './main.ts';

const OURS = 'the real fanOut handler';
/** Maximum time of a delivery, ms (src/domain/delivery/budget.ts). */
const BUDGET_MS = 10_000;
/** Maximum time of a batch, as a multiple of BUDGET_MS. The extra tenth is for other work, such as numbering. */
const BESIDE = 1.1;

export const contenders: Contenders = {
  [OURS]: async () => {
    const { handler } = await import('../src/handlers/fanOut.ts');
    return ({ event }: { event: DynamoDBStreamEvent }) => handler(event, lambdaContext());
  },
};

const endpoints: Record<string, Behaviour> = {
  silent: { silent: true },
  'so slow that every second post is given up': { answerMs: 990 },
  'refusing (403)': { status: 403 },
};

/** Measures how long a batch takes while API Gateway is in trouble, and whether the next message reaches everybody. */
export async function run({ quick }: Options): Promise<Report> {
  const stage = await setStage({ tls: false });
  try {
    const connections = quick ? 1_000 : 5_000;
    const room = stage.room('outage');
    await room.connect(connectionIds(connections).map((id) => id.replace(/^(gone|busy)/, 'open')));
    const fanOut = await stage.contender(import.meta.filename, OURS, { DELIVER_FUNCTION: '' });
    const deliver = async (behaviour: Behaviour) => {
      const event = await room.append(1);
      await stage.sink.behave({ ...behaviour, lastSeq: (await room.head()) + 1 });
      const { wallMs } = await fanOut.run({ event });
      return { wallMs, missed: connections - (await stage.sink.tally()).complete };
    };
    await deliver({ answerMs: 5 });
    const rows: (string | number)[][] = [];
    const times: number[] = [];
    let missed = 0;
    for (const [name, behaviour] of Object.entries(endpoints)) {
      const during = await deliver(behaviour);
      const after = await deliver({ answerMs: 5 });
      times.push(during.wallMs);
      missed += after.missed;
      rows.push([name, during.wallMs, during.missed, after.wallMs, after.missed]);
    }
    const slowest = Math.max(...times);
    return {
      title: `A message to ${connections.toLocaleString('en-US')} connections while @connections is in trouble`,
      unit: 'ms until the batch is done',
      ours: slowest,
      limit: BUDGET_MS,
      rivals: {},
      claims: [
        { what: 'the slowest batch to the budget of its delivery', value: slowest / BUDGET_MS, atMost: BESIDE },
        { what: 'connections that the next message did not reach', value: missed, atMost: 0 },
      ],
      tables: [
        {
          caption: 'The next message is sent as soon as the endpoint is well, to the same process.',
          columns: ['endpoint', 'ms', 'missed', 'the next: ms', 'missed by the next'],
          rows,
        },
      ],
    };
  } finally {
    await stage.stop();
  }
}

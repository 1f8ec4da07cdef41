import { lambdaContext } from '../test/lambda-context.ts';
import type { Contender, Contenders } from './harness/contender.ts';
import { interleave, median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import { connectionIds, type Tally } from './harness/sink.ts';
import { setStage } from './harness/stage.ts';
import { allAtOnce, type StockRound, stockFanOut } from './harness/stock-fan-out.ts';
import type { Options } from './main.ts';

const OURS = 'the real fanOut handler';
const RIVAL = 'SDK, a post per message';
const MESSAGES = 90;

export const contenders: Contenders = {
  [OURS]: async () => {
    const { handler } = await import('../src/handlers/fanOut.ts');
    return ({ event }: StockRound) => handler(event, lambdaContext());
  },
  [RIVAL]: stockFanOut(allAtOnce),
};

interface Burst extends Tally {
  wallMs: number;
}

/** Measures how many posts each client gets for one batch of stream records. */
export async function run({ quick }: Options): Promise<Report> {
  const clients = quick ? 50 : 1_000;
  const ids = connectionIds(clients).filter((id) => id.startsWith('open'));
  const stage = await setStage();
  try {
    const room = stage.room('burst');
    await room.connect(ids);
    const sample = async (contender: Contender): Promise<Burst> => {
      const event = await room.append(MESSAGES);
      const firstSeq = (await room.head()) + 1;
      await stage.sink.behave({ answerMs: 5, lastSeq: firstSeq + MESSAGES - 1 });
      const { wallMs } = await contender.run({ event, room: room.name, firstSeq });
      const tally = await stage.sink.tally();
      if (tally.complete !== ids.length || tally.disordered > 0)
        throw new Error(`${contender.name}: ${JSON.stringify(tally)}`);
      return { ...tally, wallMs };
    };
    const running = await stage.contenders(import.meta.filename, contenders);
    const samples = await interleave(
      1,
      Object.fromEntries(running.map((contender) => [contender.name, () => sample(contender)])),
    );
    const of = (name: string, key: 'posts' | 'bytes' | 'wallMs') => median(samples[name]!.map((one) => one[key]));
    const perClient = (name: string) => of(name, 'posts') / ids.length;
    const row = (name: string) => [name, perClient(name), of(name, 'bytes') / ids.length, of(name, 'wallMs')];
    return {
      title: `${MESSAGES} messages at once to ${ids.length} clients, answered in 5 ms`,
      unit: 'posts per client',
      ours: perClient(OURS),
      limit: 1,
      rivals: { [RIVAL]: perClient(RIVAL) },
      claims: [{ what: 'posts per client', value: perClient(OURS), atMost: 2 }],
      tables: [
        {
          caption: 'The limit is one post of at most 32 KB. Every client got all messages in order, or the run fails.',
          columns: ['', 'posts per client', 'bytes per client', 'ms until all have all'],
          rows: [row(OURS), row(RIVAL)],
        },
      ],
    };
  } finally {
    await stage.stop();
  }
}

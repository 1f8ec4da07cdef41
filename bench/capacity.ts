import type { DynamoDBStreamEvent } from 'aws-lambda';
import { roomBucket } from '../src/domain/admission/room-capacity.ts';
import { lambdaContext } from '../test/lambda-context.ts';
import type { Contenders } from './harness/contender.ts';
import { median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import { connectionIds } from './harness/sink.ts';
import { setStage } from './harness/stage.ts';
import type { Options } from './main.ts';

const OURS = 'the real fanOut handler';
/**
 * Messages a second that one DynamoDB partition can store. A partition writes 1,000 units a second, and a message takes
 * three units (docs/scale.md).
 */
const PARTITION = 1_000 / 3;
/** Messages a second that a room admits, if their events have at most 1 KB. */
const ADMITTED = roomBucket(0).perSecond;
const VIEWERS = 1_000;
/** Assumed time until API Gateway answers a post, as in docs/scale.md. */
const ANSWER_MS = 20;

export const contenders: Contenders = {
  [OURS]: async () => {
    const { handler } = await import('../src/handlers/fanOut.ts');
    return ({ event }: { event: DynamoDBStreamEvent }) => handler(event, lambdaContext());
  },
};

/**
 * Measures how many messages a second one room takes before it falls behind. fanOut numbers and delivers messages in
 * rounds, and during a round the messages of the next round gather. So the room takes as many messages a second as a
 * round holds, divided by the time of the round.
 */
export async function run({ quick }: Options): Promise<Report> {
  const stage = await setStage({ tls: false });
  try {
    const room = stage.room('capacity');
    await room.connect(connectionIds(VIEWERS).map((id) => id.replace(/^(gone|busy)/, 'open')));
    const fanOut = await stage.contender(import.meta.filename, OURS, { DELIVER_FUNCTION: '' });
    const round = async (messages: number) => {
      const event = await room.append(messages);
      await stage.sink.behave({ answerMs: ANSWER_MS, lastSeq: (await room.head()) + messages });
      return (await fanOut.run({ event })).wallMs;
    };
    await round(10);
    const rows: (string | number)[][] = [];
    let ours = 0;
    // A frame holds some 120 of these messages, so a round of 180 takes two posts for each viewer.
    for (const messages of quick ? [90, 120] : [25, 50, 90, 120, 180]) {
      const times = [await round(messages), await round(messages), await round(messages)];
      const perSecond = messages / (median(times) / 1_000);
      ours = Math.max(ours, perSecond);
      rows.push([messages, median(times), perSecond]);
    }
    return {
      title: `Messages of one room with ${VIEWERS.toLocaleString('en-US')} viewers, ${ANSWER_MS} ms an answer`,
      unit: 'messages/s before it falls behind',
      ours,
      limit: PARTITION,
      rivals: {},
      claims: [{ what: 'to what senders are admitted to, 250 a second', value: ours / ADMITTED, atLeast: 1 }],
      tables: [
        {
          caption:
            'The limit is what a partition of DynamoDB writes; the local engine has none. Beyond 64 KB a round is its head alone.',
          columns: ['messages in a round', 'ms', 'messages/s'],
          rows,
        },
      ],
    };
  } finally {
    await stage.stop();
  }
}

import { sequenceAndFanOut } from '../src/domain/delivery/sequence-and-fan-out.ts';
import { redrive } from '../src/domain/numbering/redrive.ts';
import { fanOutPorts, unnumbered } from '../src/infra/composition.ts';
import { runtime } from '../src/infra/runtime.ts';
import { main } from './run.ts';
import { stackEnvironment } from './stack-environment.ts';

const ATTEMPTS = 6;

/**
 * Repeats a round that fails, because it may have numbered its events but not delivered them. A later run of this
 * command would not deliver them, because it finds only events without a number.
 */
async function again<T>(round: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await round();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      console.log(`${(error as Error).message} Trying again.`);
      await runtime.sleep(1_000 * 2 ** (attempt - 1));
    }
  }
}

/**
 * `npm run redrive -- --stage prod`: numbers and delivers the events that have no number. Without a stage, uses the
 * stack that runs on this machine.
 */
await main(async () => {
  const args = process.argv.slice(2);
  // The adapters in src/infra read their settings from environment variables, which Lambda sets only for functions.
  process.env = await stackEnvironment(args, process.env);
  if (args.length > 0 && process.env.RETENTION_DAYS === undefined)
    throw new Error(
      'Deploy the stage again first: how long it keeps messages is not known, and numbers give them their end.',
    );
  const total = await redrive(unnumbered(), fanOutPorts().log.batchSize, async (room, events) => {
    const { sequenced } = await again(() =>
      sequenceAndFanOut(room, events, fanOutPorts(), () => Number.POSITIVE_INFINITY),
    );
    console.log(`${room}: ${events.length} without a number, ${sequenced.assigned} numbered now`);
  });
  console.log(total === 0 ? 'Every event has its number.' : `${total} events were redriven.`);
});

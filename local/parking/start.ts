import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Invoke } from '../invoke.ts';
import { messagesIn, Queue } from './queue.ts';
import { serveQueue } from './server.ts';
import type { QueuedFunction } from './settings.ts';

/**
 * Starts an emulation of the SQS queue of parked events, which are events that could not be numbered yet. The queue
 * takes messages at `url`, passes them to the function `functionKey`, and keeps its files in `dir`.
 *
 * @returns a function that stops the queue
 */
export async function startQueue(
  { functionKey, policy }: QueuedFunction,
  url: string,
  invoke: Invoke,
  dir: string,
): Promise<() => Promise<void>> {
  const { load, save } = messagesIn(join(dir, `${functionKey}.queue.json`));
  const deadLetters = join(dir, `${functionKey}.given-up.jsonl`);
  const queue = new Queue(
    policy,
    {
      invoke: (body) => invoke(functionKey, { Records: [{ body }] }),
      giveUp: async (body) => {
        console.error(`${functionKey} gave up on a message. See ${deadLetters}`);
        await appendFile(deadLetters, `${body}\n`);
      },
      now: Date.now,
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      save,
      troubled: ({ message }) => console.error(`The queue of ${functionKey}: ${message}`),
    },
    await load(),
  );
  const stopServing = await serveQueue(url, (body, delayMs) => queue.send(body, delayMs));
  return async () => {
    stopServing();
    await queue.stop();
  };
}

import middy from '@middy/core';
import { startBudget } from '../domain/delivery/budget.ts';
import { fanOut } from '../domain/delivery/fan-out.ts';
import { paced } from '../domain/delivery/pace.ts';
import type { Delivery, Slice } from '../domain/ports/workers.ts';
import { postPorts, runtime, telemetry } from '../infra/composition.ts';

const encoder = new TextEncoder();

/**
 * Posts frames to a slice of a large room's connections. For such a room, the Lambda `fanOut` invokes this one several
 * times in parallel, once for each slice, and waits for the answers.
 */
export const handler = middy<Slice>().handler(async (slice, context): Promise<Delivery> => {
  const ports = postPorts();
  const frames = slice.frames.map((text) => ({ body: encoder.encode(text) }));
  const gateway = paced(ports.gateway, slice.postsPerSecond, runtime.now, runtime.sleep);
  const budget = startBudget(context.getRemainingTimeInMillis(), runtime, slice.budgetMs);
  const delivery = await fanOut(only(slice), frames, ports.concurrency, { ...ports, gateway }, budget.signal);
  budget.end();
  telemetry.log('info', 'slice fanned out', { ...delivery });
  telemetry.flush();
  return delivery;
});

async function* only({ connections }: Slice) {
  yield connections;
}

import middy from '@middy/core';
import { fanOut } from '../domain/delivery/fan-out.ts';
import { paced } from '../domain/delivery/pace.ts';
import type { Delivery, Slice } from '../domain/ports/deliveries.ts';
import { deliveryPorts } from '../infra/composition.ts';
import { consoleTelemetry as telemetry } from '../infra/telemetry.ts';

const encoder = new TextEncoder();

/** A part of a large room: the fan-out invokes several of these at once and waits for them. */
export const handler = middy<Slice>().handler(async (slice): Promise<Delivery> => {
  const ports = deliveryPorts();
  const frames = slice.frames.map((text) => ({ body: encoder.encode(text) }));
  const push = paced(ports.push, slice.postsPerSecond, ports.now);
  const delivery = await fanOut(only(slice), frames, ports.concurrency, { ...ports, push });
  telemetry.log('info', 'delivered', { ...delivery });
  telemetry.flush();
  return delivery;
});

async function* only({ connections }: Slice) {
  yield connections;
}

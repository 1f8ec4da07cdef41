import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface Subsegment {
  name: string;
  type: string;
  trace_id: string;
  parent_id: string;
  start_time: number;
  end_time: number;
  annotations?: Record<string, string | number>;
  aws?: { operation: string };
}

/** Starts a UDP socket that stands in for the X-Ray daemon, to which a Lambda sends its subsegments. */
export async function startXRayDaemon() {
  const socket = createSocket('udp4');
  const heard: Subsegment[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (datagram) => {
    heard.push(JSON.parse(datagram.toString().split('\n')[1]!));
    for (const wake of waiting.splice(0)) wake();
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async hear(count: number): Promise<readonly Subsegment[]> {
      while (heard.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return heard;
    },
    stop: () => socket.close(),
  };
}

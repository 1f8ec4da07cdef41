import { createSocket, type Socket } from 'node:dgram';
import type { Sequenced } from '../domain/numbering/sequence.ts';
import type { NewEvent } from '../domain/ports/event-log.ts';
import type { Random } from '../domain/ports/randomness.ts';

interface Span {
  startedAt: number;
  endedAt: number;
}

/** Matches the tracing header of a sampled request, as Lambda passes it on: `Root=1-…;Parent=…;Sampled=1`. */
const SAMPLED = /Root=(?<trace_id>[^;]+);Parent=(?<parent_id>[^;]+);Sampled=1/;

let socket: Socket | undefined;

/**
 * Adds a fan-out to the traces of the appends that caused it. A stream carries no trace, but each event holds the trace
 * of its append. The fan-out is sent as a subsegment of the append's segment, which may have ended already. Each
 * subsegment is one UDP datagram to the daemon that runs beside a traced Lambda. X-Ray's SDK is not used, because it
 * makes every await slower.
 * Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
 *
 * @param span start and end of the fan-out, ms since 1970
 */
export async function traceFanOut(
  events: readonly NewEvent[],
  { epoch, events: numbered }: Sequenced,
  span: Span,
  random: Random,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const [host, port] = env.AWS_XRAY_DAEMON_ADDRESS?.split(':') ?? [];
  if (!host || !port) return;
  const seqs = new Map(numbered.map(({ id, seq }) => [id, seq]));
  const sends = events.map(async ({ id, room, trace = '' }) => {
    const append = SAMPLED.exec(trace)?.groups;
    if (!append) return;
    const annotations = { room, epoch, seq: seqs.get(id) ?? 0, fan_out_trace: rootOf(env._X_AMZN_TRACE_ID) };
    await send(host, Number(port), {
      ...append,
      type: 'subsegment',
      name: 'fanOut',
      ...subsegment(span, random),
      annotations,
    });
  });
  await Promise.all(sends);
}

function subsegment({ startedAt, endedAt }: Span, random: Random) {
  // The id has 16 hexadecimal digits, 8 in each half.
  const half = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return { id: half() + half(), start_time: startedAt / 1_000, end_time: endedAt / 1_000 };
}

function rootOf(trace = ''): string {
  return /Root=([^;]+)/.exec(trace)?.[1] ?? '';
}

/** Ignores a failure to send, because a message matters more than its trace. */
function send(host: string, port: number, document: object): Promise<void> {
  socket ??= createSocket('udp4').unref();
  const datagram = `{"format":"json","version":1}\n${JSON.stringify(document)}`;
  return new Promise((resolve) => socket?.send(datagram, port, host, () => resolve()));
}

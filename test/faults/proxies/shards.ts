import { json, operationOf, withJson } from './dynamodb.ts';
import type { Call, Intervention, Reply } from './http-proxy.ts';

export interface StreamRecord {
  eventName: string;
  dynamodb: { SequenceNumber: string };
}

export interface RecordsPage {
  Records: StreamRecord[];
  NextShardIterator?: string;
}

interface Described {
  StreamDescription: { Shards: { ShardId: string; ParentShardId?: string; SequenceNumberRange?: object }[] };
}

/**
 * Makes shards of the stream end. DynamoDB ends a shard after about four hours and continues in a child shard, but the
 * local engine never ends one. So each of the engine's shards is shown as a chain of parts: `<shard>.0`, its child
 * `<shard>.1` and so on. {@link split} ends the newest part and adds its child.
 */
export class Shards {
  /** By engine shard: the last sequence number of every part except the newest. */
  readonly #cuts = new Map<string, string[]>();
  /** By engine shard: the last sequence number that was read. */
  readonly #seen = new Map<string, string>();

  /** Ends every shard that has delivered records since the last split. @returns the number of ended shards */
  split(): number {
    let ended = 0;
    for (const [shard, last] of this.#seen) {
      const cuts = this.#cuts.get(shard) ?? [];
      if (cuts.at(-1) === last) continue;
      this.#cuts.set(shard, [...cuts, last]);
      ended++;
    }
    return ended;
  }

  readonly intervention: Intervention = (call, forward) => {
    switch (operationOf(call)) {
      case 'DescribeStream':
        return this.#describe(call, forward);
      case 'GetShardIterator':
        return this.#iterator(call, forward);
      case 'GetRecords':
        return this.#records(call, forward);
      default:
        return forward(call);
    }
  };

  async #describe(call: Call, forward: (call: Call) => Promise<Reply>): Promise<Reply> {
    const reply = await forward(call);
    const described = json<Described>(reply);
    const { StreamDescription } = described;
    StreamDescription.Shards = StreamDescription.Shards.flatMap((shard) => {
      const parts = (this.#cuts.get(shard.ShardId)?.length ?? 0) + 1;
      return Array.from({ length: parts }, (_, part) => ({
        ...shard,
        ShardId: `${shard.ShardId}.${part}`,
        ...(part > 0 && { ParentShardId: `${shard.ShardId}.${part - 1}` }),
      }));
    });
    return withJson(reply, described);
  }

  async #iterator(call: Call, forward: (call: Call) => Promise<Reply>): Promise<Reply> {
    const body = json<{ ShardId: string; ShardIteratorType: string; SequenceNumber?: string }>(call);
    const [, shard, part] = /^(.*)\.(\d+)$/.exec(body.ShardId) as unknown as [string, string, string];
    body.ShardId = shard;
    const before = this.#cuts.get(shard)?.[Number(part) - 1];
    if (body.ShardIteratorType === 'TRIM_HORIZON' && before !== undefined) {
      body.ShardIteratorType = 'AFTER_SEQUENCE_NUMBER';
      body.SequenceNumber = before;
    }
    const reply = await forward(withJson(call, body));
    const { ShardIterator } = json<{ ShardIterator?: string }>(reply);
    return ShardIterator ? withJson(reply, { ShardIterator: `${part}|${shard}|${ShardIterator}` }) : reply;
  }

  async #records(call: Call, forward: (call: Call) => Promise<Reply>): Promise<Reply> {
    const body = json<{ ShardIterator: string }>(call);
    const [part, shard, ...iterator] = body.ShardIterator.split('|') as [string, string, ...string[]];
    const reply = await forward(withJson(call, { ...body, ShardIterator: iterator.join('|') }));
    if (reply.status !== 200) return reply;
    const { Records, NextShardIterator, ...rest } = json<RecordsPage>(reply);
    const end = this.#cuts.get(shard)?.[Number(part)];
    const own = Records.filter(({ dynamodb }) => end === undefined || BigInt(dynamodb.SequenceNumber) <= BigInt(end));
    const last = own.at(-1)?.dynamodb.SequenceNumber;
    if (last !== undefined && end === undefined) this.#seen.set(shard, last);
    const over = end !== undefined && (own.length < Records.length || own.length === 0 || last === end);
    const next = NextShardIterator && !over ? { NextShardIterator: `${part}|${shard}|${NextShardIterator}` } : {};
    return withJson(reply, { ...rest, Records: own, ...next });
  }
}

import type { Resource } from '../tables.ts';
import type { QueuePolicy } from './queue.ts';

interface QueueEvent {
  arn?: { 'Fn::GetAtt'?: unknown };
  batchSize?: number;
}

export interface FunctionDefinition {
  events?: readonly { sqs?: QueueEvent }[];
}

export interface QueuedFunction {
  functionKey: string;
  policy: QueuePolicy;
}

/**
 * Returns the one function that gets its messages from a queue; undefined if there is none.
 *
 * @throws Error if there is more than one queue, if `batchSize` is not 1, or if the queue has no RedrivePolicy.
 *   The local queue supports none of these.
 */
export function queuedFunctionOf(
  functions: Readonly<Record<string, FunctionDefinition>>,
  resources: Readonly<Record<string, Resource>>,
): QueuedFunction | undefined {
  const [first, ...others] = Object.entries(functions).flatMap(([functionKey, { events = [] }]) =>
    events.flatMap(({ sqs }) => (sqs ? [{ functionKey, sqs }] : [])),
  );
  if (!first) return undefined;
  const { functionKey, sqs } = first;
  if (others.length > 0) throw new Error('Only one queue is supported locally.');
  if (sqs.batchSize !== 1) throw new Error(`${functionKey}: only batchSize 1 is supported locally.`);
  const [logicalId] = [sqs.arn?.['Fn::GetAtt']].flat().join('.').split('.');
  const { VisibilityTimeout = 30, RedrivePolicy } = (resources[logicalId!]?.Properties ?? {}) as {
    VisibilityTimeout?: number;
    RedrivePolicy?: { maxReceiveCount: number };
  };
  if (!RedrivePolicy) throw new Error(`${functionKey}: its queue must have a RedrivePolicy.`);
  const { maxReceiveCount: maxReceives } = RedrivePolicy;
  return { functionKey, policy: { visibilityMs: VisibilityTimeout * 1_000, maxReceives } };
}

import type { StreamRecord } from './batch.ts';

type Invoke<R> = (records: readonly R[]) => Promise<unknown>;

/**
 * Wraps `invoke`, so that each invocation also prints Lambda's metrics IteratorAge and Errors, as a line in
 * CloudWatch's embedded metric format. After a fault on this machine, the lines show what an alarm would see
 * (docs/operations.md).
 */
export function measured<R extends StreamRecord>(
  FunctionName: string,
  invoke: Invoke<R>,
  now: () => number,
): Invoke<R> {
  return async (records) => {
    const IteratorAge = now() - records.at(-1)!.dynamodb.ApproximateCreationDateTime * 1_000;
    let Errors = 0;
    try {
      return await invoke(records);
    } catch (error) {
      Errors = 1;
      throw error;
    } finally {
      const Metrics = [{ Name: 'IteratorAge' }, { Name: 'Errors' }];
      const CloudWatchMetrics = [{ Namespace: 'AWS/Lambda', Dimensions: [['FunctionName']], Metrics }];
      console.log(JSON.stringify({ _aws: { Timestamp: now(), CloudWatchMetrics }, FunctionName, IteratorAge, Errors }));
    }
  };
}

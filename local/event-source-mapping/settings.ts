import type { Resource } from '../tables.ts';
import { compileFilter, type RecordFilter } from './filter.ts';

/** One `stream` event of a function in serverless.yml, with the defaults filled in. */
export interface MappingSettings {
  functionKey: string;
  tableName: string;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  batchSize: number;
  /** -1 means no limit. */
  maximumRetryAttempts: number;
  /** -1 means no limit. */
  maximumRecordAgeInSeconds: number;
  bisectBatchOnFunctionError: boolean;
  reportBatchItemFailures: boolean;
  /** Whether there is a destination for records that the mapping gives up on. */
  onFailure: boolean;
  wanted: RecordFilter;
}

interface StreamEvent {
  type?: string;
  arn?: unknown;
  startingPosition?: 'TRIM_HORIZON' | 'LATEST';
  batchSize?: number;
  batchWindow?: number;
  parallelizationFactor?: number;
  maximumRetryAttempts?: number;
  maximumRecordAgeInSeconds?: number;
  bisectBatchOnFunctionError?: boolean;
  functionResponseType?: string;
  filterPatterns?: readonly object[];
  destinations?: { onFailure?: unknown };
}

export interface FunctionDefinition {
  events?: readonly { stream?: StreamEvent }[];
}

/**
 * Returns the settings of every `stream` event.
 *
 * @throws Error if an event has a `batchWindow`, a `parallelizationFactor` other than 1, or a filter operator or an
 *   `arn` that is not supported here. If such a setting were ignored, the local stack would behave unlike AWS.
 */
export function mappingsOf(
  functions: Readonly<Record<string, FunctionDefinition>>,
  resources: Readonly<Record<string, Resource>>,
): MappingSettings[] {
  return Object.entries(functions).flatMap(([functionKey, { events = [] }]) =>
    events.flatMap(({ stream }) => (stream ? [mappingOf(functionKey, stream, resources)] : [])),
  );
}

/**
 * Fills in the defaults of CreateEventSourceMapping (Lambda API reference). This API has no default for the starting
 * position. TRIM_HORIZON is the Serverless framework's default.
 */
function mappingOf(
  functionKey: string,
  stream: StreamEvent,
  resources: Readonly<Record<string, Resource>>,
): MappingSettings {
  if (stream.batchWindow) throw new Error(`${functionKey}: batchWindow is not supported locally.`);
  if ((stream.parallelizationFactor ?? 1) !== 1)
    throw new Error(`${functionKey}: only parallelizationFactor 1 is supported locally.`);
  return {
    functionKey,
    tableName: tableOf(functionKey, stream.arn, resources),
    startingPosition: stream.startingPosition ?? 'TRIM_HORIZON',
    batchSize: stream.batchSize ?? 100,
    maximumRetryAttempts: stream.maximumRetryAttempts ?? -1,
    maximumRecordAgeInSeconds: stream.maximumRecordAgeInSeconds ?? -1,
    bisectBatchOnFunctionError: stream.bisectBatchOnFunctionError ?? false,
    reportBatchItemFailures: stream.functionResponseType === 'ReportBatchItemFailures',
    onFailure: stream.destinations?.onFailure !== undefined,
    wanted: compileFilter(stream.filterPatterns ?? []),
  };
}

function tableOf(functionKey: string, arn: unknown, resources: Readonly<Record<string, Resource>>): string {
  const reference = (arn as { 'Fn::GetAtt'?: unknown } | undefined)?.['Fn::GetAtt'];
  const [logicalId, attribute] = Array.isArray(reference) ? reference : String(reference).split('.');
  const name = resources[logicalId]?.Properties.TableName;
  if (attribute !== 'StreamArn' || !name)
    throw new Error(`${functionKey}: a stream's arn must be !GetAtt <table>.StreamArn.`);
  return name;
}

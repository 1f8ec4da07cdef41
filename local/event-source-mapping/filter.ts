/** Whether Lambda sends the function a record (Lambda guide, "Control which events Lambda sends to your function"). */
export type RecordFilter = (record: unknown) => boolean;

type Test = (value: unknown) => boolean;

/**
 * Returns a filter that passes a record if one of the patterns matches it, or if there are no patterns. For example,
 * `{ eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { pk: { S: [{ prefix: 'a' }] } } } }` matches if `eventName` is
 * one of the two values and `dynamodb.Keys.pk.S` begins with `a`.
 *
 * @throws Error for an operator that is not supported here
 */
export function compileFilter(patterns: readonly object[]): RecordFilter {
  const tests = patterns.map(compilePattern);
  return (record) => tests.length === 0 || tests.some((test) => test(record));
}

function compilePattern(pattern: object): Test {
  const fields = Object.entries(pattern).map(([name, wanted]): Test => {
    const test = Array.isArray(wanted) ? compileAlternatives(wanted) : compilePattern(wanted);
    return (value) => test((value as Record<string, unknown> | null | undefined)?.[name]);
  });
  return (value) => fields.every((field) => field(value));
}

function compileAlternatives(alternatives: readonly unknown[]): Test {
  const tests = alternatives.map(compileAlternative);
  return (value) => tests.some((test) => test(value));
}

function compileAlternative(alternative: unknown): Test {
  if (alternative === null || typeof alternative !== 'object') return (value) => value === alternative;
  const [operator, operand] = Object.entries(alternative)[0] ?? [];
  switch (operator) {
    case 'prefix':
      return (value) => typeof value === 'string' && value.startsWith(operand);
    case 'exists':
      return (value) => (value !== undefined) === operand;
    case 'anything-but': {
      const unwanted = compileAlternatives([operand].flat());
      return (value) => value !== undefined && !unwanted(value);
    }
    default:
      throw new Error(`The filter operator ${JSON.stringify(alternative)} is not supported locally.`);
  }
}

import { nameOf } from './database.ts';
import type { Answer, Request } from './search/process.ts';

interface Input {
  TableName?: string;
  IndexName?: string;
  Key?: { id?: string; sk?: string };
  Item?: { id?: string; sk?: string; seq?: number; epoch?: string };
  ExpressionAttributeValues?: Record<string, unknown>;
  ScanIndexForward?: boolean;
  KeyConditionExpression?: string;
  TransactItems?: readonly Record<string, Input>[];
}

/** Describes a request to the database in words, and its answer if there is one. */
export function doing({ command, input }: Request, answer?: Answer): string {
  const words = requestWords(command as string, input as Input);
  if (answer === undefined) return words;
  if ('error' in answer) return `${words}: refused, a condition does not hold`;
  return `${words}${answerWords(answer.value as object)}`;
}

function requestWords(command: string, input: Input): string {
  const values = input.ExpressionAttributeValues ?? {};
  switch (command) {
    case 'GetCommand':
      return input.Key!.sk === 'HEAD' ? "reads the room's head" : `reads ${nameOf(input.Key!.id)}`;
    case 'PutCommand':
      return input.Item!.sk === 'HEAD'
        ? `makes the head ${input.Item!.seq} of ${input.Item!.epoch}`
        : `appends ${nameOf(input.Item!.id)}`;
    case 'QueryCommand':
      if (input.IndexName === 'byRoom') return 'lists the connections';
      return `reads the index ${input.ScanIndexForward === false ? 'below' : 'above'} ${bound(values[':seq'])}`;
    case 'TransactWriteCommand':
      return transactionWords(input.TransactItems!);
    case 'BatchWriteCommand':
      return 'forgets connections that are gone';
    case 'UpdateCommand':
      return input.Key!.sk === 'HEAD'
        ? `moves the head to ${values[':new']}`
        : `numbers ${nameOf(input.Key!.id)} ${values[':seq']}`;
    default:
      return command;
  }
}

function transactionWords(items: readonly Record<string, Input>[]): string {
  const all = items.map((item) => Object.values(item)[0]!);
  const numbered = all.filter(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[':seq'] !== undefined);
  if (numbered.length > 0) {
    const pairs = numbered.map(
      ({ Key, ExpressionAttributeValues }) => `${nameOf(Key!.id)} ${ExpressionAttributeValues![':seq']}`,
    );
    return `numbers ${pairs.join(', ')}`;
  }
  const put = all.find(({ Item }) => Item)?.Item;
  const amended = all.find(({ Key }) => Key)?.Key;
  return `appends ${nameOf(put?.id)} and amends ${nameOf(amended?.id)}`;
}

function answerWords(value: { Item?: { seq?: number; epoch?: string }; Items?: readonly { seq?: number }[] }): string {
  if (value.Items) {
    const seqs = value.Items.map(({ seq }) => seq).filter((seq) => seq !== undefined);
    return seqs.length > 0 ? `: ${seqs.join(', ')}` : value.Items.length > 0 ? '' : ': nothing';
  }
  if (value.Item) return value.Item.epoch === undefined ? '' : `: ${value.Item.seq} of ${value.Item.epoch}`;
  return '';
}

function bound(seq: unknown): string {
  return seq === undefined || seq === Number.MAX_SAFE_INTEGER ? 'the end' : String(seq);
}

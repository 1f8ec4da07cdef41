/**
 * The expression language of DynamoDB, as far as the adapters use it. Unknown syntax throws, so that an adapter which
 * begins to use more of the language fails here and is not silently misread.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
import { reservedWords } from './reserved-words.ts';

/** The attributes of an item, by name. */
export type Item = Readonly<Record<string, unknown>>;

export interface Placeholders {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

interface Scope extends Placeholders {
  item: Item;
}

type Read = (scope: Scope) => unknown;
type Test = (scope: Scope) => boolean;
type Change = (scope: Scope, draft: Record<string, unknown>) => void;

const conditions = new Map<string, Test>();
const updates = new Map<string, Change>();

/**
 * Returns whether `item` meets a condition, filter or key condition. A missing item counts as one without attributes.
 */
export function meets(expression: string | undefined, item: Item | undefined, placeholders: Placeholders): boolean {
  if (expression === undefined) return true;
  return compiled(conditions, expression, parseCondition)(scopeOf(item ?? {}, placeholders));
}

function scopeOf(item: Item, { ExpressionAttributeNames, ExpressionAttributeValues }: Placeholders): Scope {
  return { item, ExpressionAttributeNames, ExpressionAttributeValues };
}

/** Returns the item after an update expression. Does not change the given item. */
export function updated(expression: string, item: Item, placeholders: Placeholders): Item {
  const draft = { ...item };
  // Right-hand sides see the item as it was before the update.
  compiled(updates, expression, parseUpdate)(scopeOf(item, placeholders), draft);
  return draft;
}

/** Returns the attributes that a projection expression names; the whole item if there is no expression. */
export function projected(
  expression: string | undefined,
  item: Item,
  { ExpressionAttributeNames }: Placeholders,
): Item {
  if (expression === undefined) return item;
  const names = expression.split(',').map((name) => nameOf(unreserved(name.trim()), ExpressionAttributeNames));
  return Object.fromEntries(names.filter((name) => name in item).map((name) => [name, item[name]]));
}

function compiled<T>(cache: Map<string, T>, expression: string, parse: (tokens: Tokens) => T): T {
  let found = cache.get(expression);
  if (!found) {
    const tokens = new Tokens(expression);
    found = parse(tokens);
    tokens.end();
    cache.set(expression, found);
  }
  return found;
}

class Tokens {
  readonly #tokens: string[];
  readonly #expression: string;
  #next = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = expression.match(/[#:]?[A-Za-z_][\w.#]*|<>|<=|>=|[<>=(),+-]|\S/g) ?? [];
  }

  peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  /** Takes a keyword (in upper or lower case) or a symbol if it is the next token. @returns whether it was */
  took(expected: string): boolean {
    const found = this.peek()?.toUpperCase() === expected;
    if (found) this.#next++;
    return found;
  }

  take(expected?: string): string {
    const token = this.#tokens[this.#next++];
    if (token === undefined || (expected !== undefined && token.toUpperCase() !== expected)) {
      throw new Error(`Not understood at "${token ?? 'its end'}": ${this.#expression}`);
    }
    return token;
  }

  end(): void {
    if (this.peek() !== undefined) this.take('');
  }
}

function parseCondition(tokens: Tokens): Test {
  const left = parseConjunction(tokens);
  if (!tokens.took('OR')) return left;
  const right = parseCondition(tokens);
  return (scope) => left(scope) || right(scope);
}

function parseConjunction(tokens: Tokens): Test {
  const left = parseNegation(tokens);
  if (!tokens.took('AND')) return left;
  const right = parseConjunction(tokens);
  return (scope) => left(scope) && right(scope);
}

function parseNegation(tokens: Tokens): Test {
  if (tokens.took('NOT')) {
    const inner = parseNegation(tokens);
    return (scope) => !inner(scope);
  }
  if (tokens.took('(')) {
    const inner = parseCondition(tokens);
    tokens.take(')');
    return inner;
  }
  return parseComparison(tokens);
}

const functions: Record<string, (read: Read, argument: Read) => Test> = {
  attribute_exists: (read) => (scope) => read(scope) !== undefined,
  attribute_not_exists: (read) => (scope) => read(scope) === undefined,
  begins_with: (read, argument) => (scope) => String(read(scope) ?? '').startsWith(String(argument(scope))),
  contains: (read, argument) => (scope) => holds(read(scope), argument(scope)),
};

function parseComparison(tokens: Tokens): Test {
  const found = functions[tokens.peek() ?? ''];
  if (found) {
    tokens.take();
    tokens.take('(');
    const read = parseOperand(tokens);
    const argument = tokens.took(',') ? parseOperand(tokens) : () => undefined;
    tokens.take(')');
    return found(read, argument);
  }
  const left = parseOperand(tokens);
  if (tokens.took('BETWEEN')) {
    const low = parseOperand(tokens);
    tokens.take('AND');
    const high = parseOperand(tokens);
    return (scope) => compare('>=', left(scope), low(scope)) && compare('<=', left(scope), high(scope));
  }
  if (tokens.took('IN')) {
    tokens.take('(');
    const options = parseList(tokens, parseOperand);
    tokens.take(')');
    return (scope) => options.some((option) => compare('=', left(scope), option(scope)));
  }
  const operator = tokens.take();
  const right = parseOperand(tokens);
  return (scope) => compare(operator, left(scope), right(scope));
}

function parseOperand(tokens: Tokens): Read {
  const token = tokens.take();
  if (token === 'size') {
    tokens.take('(');
    const read = parseOperand(tokens);
    tokens.take(')');
    return (scope) => sizeOf(read(scope));
  }
  if (token === 'if_not_exists') {
    tokens.take('(');
    const read = parseOperand(tokens);
    tokens.take(',');
    const fallback = parseOperand(tokens);
    tokens.take(')');
    return (scope) => read(scope) ?? fallback(scope);
  }
  if (token.startsWith(':')) return ({ ExpressionAttributeValues: values = {} }) => given(values, token);
  const path = unreserved(token).split('.');
  return ({ item, ExpressionAttributeNames }) =>
    path.reduce<unknown>((value, name) => (value as Item)?.[nameOf(name, ExpressionAttributeNames)], item);
}

/** Returns the path. @throws Error, worded like DynamoDB's, if a name in the path is a reserved word */
function unreserved(path: string): string {
  const word = path.split('.').find((name) => reservedWords.has(name.toLowerCase()));
  if (word) throw new Error(`Attribute name is a reserved keyword; reserved keyword: ${word}`);
  return path;
}

function parseUpdate(tokens: Tokens): Change {
  const changes: Change[] = [];
  while (tokens.peek() !== undefined) {
    const clause = tokens.take().toUpperCase();
    if (!(clause in clauses)) throw new Error(`Not a clause of an update: ${clause}`);
    changes.push(...parseList(tokens, clauses[clause as keyof typeof clauses]));
  }
  return (scope, draft) => {
    for (const change of changes) change(scope, draft);
  };
}

const clauses = {
  SET(tokens: Tokens): Change {
    const path = unreserved(tokens.take());
    tokens.take('=');
    const value = parseSum(tokens);
    return (scope, draft) => write(draft, path, scope, () => value(scope));
  },
  REMOVE(tokens: Tokens): Change {
    const path = unreserved(tokens.take());
    return (scope, draft) => write(draft, path, scope, () => undefined);
  },
  ADD(tokens: Tokens): Change {
    const path = unreserved(tokens.take());
    const value = parseOperand(tokens);
    return (scope, draft) =>
      write(draft, path, scope, (old) => {
        const added = value(scope);
        if (added instanceof Set) return new Set([...((old as Set<unknown>) ?? []), ...added]);
        return ((old as number) ?? 0) + (added as number);
      });
  },
  DELETE(tokens: Tokens): Change {
    const path = unreserved(tokens.take());
    const value = parseOperand(tokens);
    return (scope, draft) =>
      write(draft, path, scope, (old) => {
        const taken = value(scope) as Set<unknown>;
        const left = new Set([...((old as Set<unknown>) ?? [])].filter((element) => !taken.has(element)));
        // DynamoDB has no empty sets.
        return left.size > 0 ? left : undefined;
      });
  },
};

function parseSum(tokens: Tokens): Read {
  let sum = parseOperand(tokens);
  for (;;) {
    const sign = tokens.took('+') ? 1 : tokens.took('-') ? -1 : 0;
    if (sign === 0) return sum;
    const [left, right] = [sum, parseOperand(tokens)];
    sum = (scope) => (left(scope) as number) + sign * (right(scope) as number);
  }
}

function parseList<T>(tokens: Tokens, parse: (tokens: Tokens) => T): T[] {
  const list = [parse(tokens)];
  while (tokens.took(',')) list.push(parse(tokens));
  return list;
}

function write(
  draft: Record<string, unknown>,
  path: string,
  { ExpressionAttributeNames }: Scope,
  change: (old: unknown) => unknown,
): void {
  const [name, ...rest] = path.split('.').map((part) => nameOf(part, ExpressionAttributeNames));
  if (rest.length > 0) {
    const inner = { ...(draft[name!] as Record<string, unknown>) };
    write(inner, rest.join('.'), { item: {} }, change);
    draft[name!] = inner;
    return;
  }
  const value = change(draft[name!]);
  if (value === undefined) delete draft[name!];
  else draft[name!] = value;
}

function nameOf(token: string, names: Record<string, string> = {}): string {
  return token.startsWith('#') ? (given(names, token) as string) : token;
}

function given(placeholders: Record<string, unknown>, token: string): unknown {
  if (!(token in placeholders)) throw new Error(`There is no value for ${token}.`);
  return placeholders[token];
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '<>') return !same(left, right);
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  const [a, b] = [left as number, right as number];
  switch (operator) {
    case '=':
      return same(left, right);
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      throw new Error(`Not a comparator: ${operator}`);
  }
}

function same(left: unknown, right: unknown): boolean {
  return left === right || (typeof left === 'object' && JSON.stringify(left) === JSON.stringify(right));
}

function holds(value: unknown, part: unknown): boolean {
  return value instanceof Set || Array.isArray(value)
    ? [...value].includes(part)
    : String(value ?? '').includes(`${part}`);
}

function sizeOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  return value instanceof Set ? value.size : Object.keys(value as object).length;
}

/** Patterns of a person's id, a message's id and a room, as in `schemas/`. */
export const PERSON_ID = /^[\w-]{22}$/;
export const MESSAGE_ID = /^[\w-]{22}:[\w-]{1,64}$/;
export const ROOM = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Rewrites arguments so that `parseArgs` does not take an id for an option. One id in 64 begins with a hyphen. */
export function withIdsMarked(args: readonly string[]): string[] {
  if (args.includes('--')) return [...args];
  const marked: string[] = [];
  const positionals: string[] = [];
  for (const arg of args) {
    const isId = PERSON_ID.test(arg) || MESSAGE_ID.test(arg);
    if (!isId || !arg.startsWith('-')) marked.push(arg);
    else if (marked.at(-1) === '--person' || marked.at(-1) === '--message') marked.push(`${marked.pop()}=${arg}`);
    else positionals.push(arg);
  }
  return positionals.length === 0 ? marked : [...marked, '--', ...positionals];
}

/** Maps each part of the bundle, by name, to its size in a build or to its budget, in bytes after gzip. */
export type Sizes = Readonly<Record<string, number>>;

export interface Part {
  part: string;
  /** Undefined if the build has no such part. */
  bytes: number | undefined;
  /** Undefined if `web/size-budget.json` does not name the part. */
  budget: number | undefined;
}

/**
 * Finds the part of the bundle that a file belongs to.
 *
 * @param file name of a script in `web/dist`
 * @returns `read` for `shout-box.js`, `de` for `shout-box-de.js`, `writing` for `shout-box-writing-<hash>.js`; `file`
 *   itself if it has no such name
 */
export function partOf(file: string): string {
  return file.match(/^shout-box-(.+?)(?:-[\w-]{6})?\.js$/)?.[1] ?? (file === 'shout-box.js' ? 'read' : file);
}

/**
 * Finds the size and the budget of every part.
 *
 * @returns the parts in the order of `budgets`, then the parts without a budget
 */
export function measure(sizes: Sizes, budgets: Sizes): Part[] {
  const names = new Set([...Object.keys(budgets), ...Object.keys(sizes)]);
  return [...names].map((part) => ({ part, bytes: sizes[part], budget: budgets[part] }));
}

/** Returns a sentence if a part is over its budget, has none or is missing; undefined otherwise. */
export function problemOf({ part, bytes, budget }: Part): string | undefined {
  if (budget === undefined) return `${part} has no budget: add it to web/size-budget.json.`;
  if (bytes === undefined) return `${part} has a budget, but the build has no such part.`;
  return bytes > budget ? `${part} is ${bytes - budget} B over its budget.` : undefined;
}

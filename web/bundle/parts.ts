/** Sizes in bytes, by the name of the part. Those of a build are sizes after gzip. */
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
 * @returns `read` for the script that a page names, `de` for a language, `writing` for `shout-box-writing-<hash>.js`
 */
export function partOf(file: string): string {
  return file.match(/^shout-box-(.+?)(?:-[\w-]{6})?\.js$/)?.[1] ?? (file === 'shout-box.js' ? 'read' : file);
}

/**
 * Compares the size of every part with its budget.
 *
 * @returns the parts with a budget in their order, then those that have none
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

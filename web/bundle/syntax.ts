export interface Node {
  type: string;
  start: number;
  end: number;
  name?: string;
  tag?: Node;
  quasi?: { quasis: (Node & { value: { raw: string } })[] };
  id?: Node | null;
  body?: Node;
  callee?: Node;
  operator?: string;
  argument?: Node;
  property?: Node;
  object?: Node;
  arguments?: Node[];
}

export type Edit = readonly [start: number, end: number, text: string];

/** Shows every node of a syntax tree, outermost first. @param see returns false to go no deeper */
export function visit(node: unknown, see: (node: Node) => unknown): void {
  if (Array.isArray(node)) for (const child of node) visit(child, see);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && 'start' in node && see(node as Node) === false) return;
    for (const child of Object.values(node)) visit(child, see);
  }
}

/** @param edits none within another */
export function replaced(code: string, edits: readonly Edit[]): string {
  return edits
    .toSorted(([a], [b]) => b - a)
    .reduce((text, [start, end, instead]) => text.slice(0, start) + instead + text.slice(end), code);
}

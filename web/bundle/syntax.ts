export interface Node {
  type: string;
  start: number;
  end: number;
  name?: string;
  tag?: Node;
  quasi?: { quasis: (Node & { value: { raw: string } })[] };
  callee?: Node;
  property?: Node;
  object?: Node;
  arguments?: Node[];
}

export type Edit = readonly [start: number, end: number, text: string];

/** Shows every node of a syntax tree, outermost first. */
export function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const child of node) visit(child, see);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && 'start' in node) see(node as Node);
    for (const child of Object.values(node)) visit(child, see);
  }
}

/** @param edits none within another */
export function replaced(code: string, edits: readonly Edit[]): string {
  return edits
    .toSorted(([a], [b]) => b - a)
    .reduce((text, [start, end, instead]) => text.slice(0, start) + instead + text.slice(end), code);
}

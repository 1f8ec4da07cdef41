import { transformSync } from 'esbuild';
import type { Plugin } from 'vite';

interface Node {
  type: string;
  start: number;
  end: number;
  tag?: { name?: string };
  quasi?: { quasis: (Node & { value: { raw: string } })[] };
}

/** Minifiers leave template strings alone, and ours are half the element: its styles and its markup. */
export function minifyTemplates(): Plugin {
  return {
    name: 'shout-box:minify-templates',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!id.includes('/web/element/') || !/\b(html|css)`/.test(code)) return;
      const edits: [start: number, end: number, text: string][] = [];
      visit(this.parse(code), ({ type, tag, quasi }) => {
        if (type !== 'TaggedTemplateExpression' || !quasi) return;
        const minify = tag?.name === 'css' ? minifyCss : tag?.name === 'html' ? minifyHtml : undefined;
        for (const { start, end, value } of minify ? quasi.quasis : []) edits.push([start, end, minify!(value.raw)]);
      });
      edits.sort(([a], [b]) => b - a);
      for (const [start, end, text] of edits) code = code.slice(0, start) + text + code.slice(end);
      return { code, map: null };
    },
  };
}

function minifyCss(source: string): string {
  const { code } = transformSync(source, { loader: 'css', minify: true, target: 'chrome123' });
  return code.trim().replaceAll('\\', '\\\\');
}

/** Line breaks and indentation only: where white space matters in our markup, it is on one line. */
function minifyHtml(source: string): string {
  return source
    .replace(/>\s*\n\s*</g, '><')
    .replace(/>\s*\n\s*$/, '>')
    .replace(/^\s*\n\s*</, '<')
    .replace(/\s*\n\s*/g, ' ');
}

function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const child of node) visit(child, see);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && 'start' in node) see(node as Node);
    for (const child of Object.values(node)) visit(child, see);
  }
}

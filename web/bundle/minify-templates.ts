import { transformSync } from 'esbuild';
import type { Plugin } from 'vite';

interface Node {
  type: string;
  start: number;
  end: number;
  tag?: { name?: string };
  quasi?: { quasis: (Node & { value: { raw: string } })[] };
}

/** Minifies the styles and the markup inside template literals, which JavaScript minifiers do not touch. */
export function minifyTemplates(): Plugin {
  return {
    name: 'shout-box:minify-templates',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!id.includes('/web/element/') || !/\b(html|css)`/.test(code)) return;
      const edits: { start: number; end: number; text: string }[] = [];
      visit(this.parse(code), ({ type, tag, quasi }) => {
        if (type !== 'TaggedTemplateExpression' || !quasi) return;
        const minify = tag?.name === 'css' ? minifyCss : tag?.name === 'html' ? minifyHtml : undefined;
        if (!minify) return;
        for (const { start, end, value } of quasi.quasis) edits.push({ start, end, text: minify(value.raw) });
      });
      // Applies the edits from the end, so that earlier positions stay valid.
      edits.sort((a, b) => b.start - a.start);
      return {
        code: edits.reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), code),
        map: null,
      };
    },
  };
}

function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const child of node) visit(child, see);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && 'start' in node) see(node as Node);
    for (const child of Object.values(node)) visit(child, see);
  }
}

function minifyCss(source: string): string {
  const { code } = transformSync(source, { loader: 'css', minify: true, target: 'chrome123' });
  return code.trim().replaceAll('\\', '\\\\');
}

/**
 * Replaces each line break and the whitespace around it with one space, or with nothing between two tags, or between a
 * tag and a placeholder or an end of the template. To keep a space there, write both sides on one line. Also removes a
 * space before `>`, and the quotes of one-word attribute values.
 */
function minifyHtml(source: string): string {
  return source
    .replace(/>\s*\n\s*</g, '><')
    .replace(/>\s*\n\s*$/, '>')
    .replace(/^\s*\n\s*</, '<')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ >/g, '>')
    .replace(/="([\w-]+)"(?=[ >])/g, '=$1');
}

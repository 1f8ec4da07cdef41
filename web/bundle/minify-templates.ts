import { transformSync } from 'esbuild';
import type { Plugin } from 'vite';
import { type Edit, replaced, visit } from './syntax.ts';

/** Minifiers leave template strings alone, and ours are half the element: its styles and its markup. */
export function minifyTemplates(): Plugin {
  return {
    name: 'shout-box:minify-templates',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!id.includes('/web/element/') || !/\b(html|css)`/.test(code)) return;
      const edits: Edit[] = [];
      visit(this.parse(code), ({ type, tag, quasi }) => {
        if (type !== 'TaggedTemplateExpression' || !quasi) return;
        const minify = tag?.name === 'css' ? minifyCss : tag?.name === 'html' ? minifyHtml : undefined;
        for (const { start, end, value } of minify ? quasi.quasis : []) edits.push([start, end, minify!(value.raw)]);
      });
      return { code: replaced(code, edits), map: null };
    },
  };
}

function minifyCss(source: string): string {
  const { code } = transformSync(source, { loader: 'css', minify: true, target: 'chrome123' });
  return code.trim().replaceAll('\\', '\\\\');
}

/**
 * Line breaks, indentation and the quotes of one-word attributes only: where white space matters in our markup, it is on
 * one line.
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

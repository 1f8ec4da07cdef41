import type { Plugin } from 'vite';
import { type Edit, replaced, visit } from './syntax.ts';

/**
 * Functions that look only at what we hand over ourselves, or only for the words of an error that is thrown without them
 * as well: calls of theirs may go.
 */
export const OUR_OWN_AFFAIR = [
  'assertAs',
  'assertClient',
  'assertDPoP',
  'assertReadableResponse',
  'checkAuthenticationChallenges',
];

/** Where a function of `oauth4webapi` takes a sentence for a developer, and the argument that says the same as a code. */
const SENTENCES: Record<string, { sentence: number; code?: number }> = {
  OPE: { sentence: 0, code: 1 },
  CodedTypeError: { sentence: 0, code: 1 },
  assertString: { sentence: 1 },
  assertNumber: { sentence: 2 },
};

/**
 * Every error of `oauth4webapi` carries a stable code and a sentence. The sentences are a tenth of the sign-in; here the
 * code stands in their place. What is checked, and when, stays as it is.
 */
export function codesForSentences(): Plugin {
  return {
    name: 'shout-box:codes-for-sentences',
    apply: 'build',
    transform(code, id) {
      if (!id.includes('/node_modules/oauth4webapi/')) return;
      const edits: Edit[] = [];
      visit(this.parse(code), ({ type, callee, arguments: given = [] }) => {
        const known = type === 'CallExpression' && SENTENCES[callee?.name ?? ''];
        const sentence = known && given[known.sentence];
        if (!sentence) return;
        const instead = known.code === undefined ? undefined : given[known.code];
        edits.push([sentence.start, sentence.end, instead ? code.slice(instead.start, instead.end) : "''"]);
      });
      return { code: replaced(code, edits), map: null };
    },
  };
}

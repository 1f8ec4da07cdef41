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

/** Options of its functions and settings of a client which this client never gives: what they lead to may go. */
export const NEVER_GIVEN = new Set([
  ...['algorithm', 'clockSkew', 'clockTolerance', 'customFetch', 'default_max_age', 'DPoP', 'headers'],
  ...['id_token_signed_response_alg', 'jweDecrypt', 'maxAge', 'recognizedTokenTypes', 'require_auth_time'],
  'use_mtls_endpoint_aliases',
]);

/** Where a function of `oauth4webapi` takes a sentence for a developer, and the argument that says the same as a code. */
export const SENTENCES: Record<string, { sentence: number; code?: number }> = {
  OPE: { sentence: 0, code: 1 },
  CodedTypeError: { sentence: 0, code: 1 },
  assertString: { sentence: 1 },
  assertNumber: { sentence: 2 },
};

/**
 * Leaves away what this client does not need of `oauth4webapi`: options it never gives, and the sentences in its errors,
 * which carry a stable code besides. What is checked of an issuer's answers stays as it is.
 */
export function slimOauth(): Plugin {
  return {
    name: 'shout-box:slim-oauth',
    apply: 'build',
    transform(code, id) {
      if (!id.includes('/node_modules/oauth4webapi/')) return;
      return { code: slimmed(code, this.parse(code)), map: null };
    },
  };
}

/** @param program the syntax tree of `code` */
export function slimmed(code: string, program: unknown): string {
  const edits: Edit[] = [];
  visit(program, ({ start, end, object, property, callee, arguments: given = [] }) => {
    if (/^(options|client)$/.test(object?.name ?? '') && NEVER_GIVEN.has(property?.name ?? '')) {
      edits.push([start, end, 'undefined']);
    }
    const known = SENTENCES[callee?.name ?? ''];
    const sentence = known && given[known.sentence];
    const instead = known?.code === undefined ? undefined : given[known.code];
    if (sentence) edits.push([sentence.start, sentence.end, instead ? code.slice(instead.start, instead.end) : "''"]);
  });
  return replaced(code, edits);
}

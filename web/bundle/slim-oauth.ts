import type { Plugin } from 'vite';
import { type Edit, type Node, replaced, visit } from './syntax.ts';

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

/** Where what makes or throws errors takes a sentence for a developer, and the code that says the same. */
export const ERRORS: Record<string, { sentence: number; code?: number }> = {
  OPE: { sentence: 0, code: 1 },
  CodedTypeError: { sentence: 0, code: 1 },
  UnsupportedOperationError: { sentence: 0 },
  assertString: { sentence: 1, code: 2 },
  assertNumber: { sentence: 2, code: 3 },
};

/** Of the platform: few browsers have the first two yet, and here nobody looks at the others. */
export const NOT_NEEDED = new Set(['toBase64', 'fromBase64', 'captureStackTrace', 'userAgent']);

/**
 * What functions come to where errors have a code and nothing else, for a client that gives no headers of its own, no client
 * certificate and no `max_age`.
 */
export const COME_TO: Record<string, string> = {
  OPE: 'return new OperationProcessingError(message, { code: message })',
  CodedTypeError: 'return Object.assign(new TypeError(message), { code: message })',
  assertNumber: 'if (!Number.isFinite(input) || input < 0 || (!input && !allow0)) throw OPE(it)',
  assertString: "if (typeof input !== 'string' || !input) throw OPE(it)",
  notJson: 'return OPE(RESPONSE_IS_NOT_JSON)',
  prepareHeaders: 'return new Headers()',
  resolveEndpoint: 'return validateEndpoint(as[endpoint], endpoint, false, enforceHttps)',
  resolveIdTokenMaxAge: 'return skipAuthTimeCheck',
  signal: 'return value',
  validateIdTokenAuthTime: '',
};

/**
 * Leaves away what this client does not need of `oauth4webapi`: options it never gives, checks of what it hands over itself,
 * and all but the code of an error. What is checked of an issuer's answers stays as it is.
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
  const see = (node: Node): boolean => {
    const { start, end, type, id, body, callee, arguments: given = [] } = node;
    const comesTo = type === 'FunctionDeclaration' ? COME_TO[id?.name ?? ''] : undefined;
    const error = ERRORS[callee?.name ?? ''];
    if (comesTo !== undefined) {
      edits.push([body!.start, body!.end, `{ ${comesTo} }`]);
    } else if (isIdle(node)) {
      edits.push([start, end, 'undefined']);
    } else if (error) {
      const { sentence, code: at = given.length } = error;
      const instead = given[at];
      visit(given.slice(0, sentence), see);
      edits.push([
        given[sentence]!.start,
        given.at(-1)!.end,
        instead ? code.slice(instead.start, instead.end) : 'UNSUPPORTED_OPERATION',
      ]);
    } else {
      return true;
    }
    return false;
  };
  visit(program, see);
  return replaced(code, edits);
}

/** What is undefined here, or looks only at what we hand over ourselves. */
function isIdle({ operator, argument, object, property, callee, arguments: given = [] }: Node): boolean {
  const name = property?.name ?? '';
  if (object) return NOT_NEEDED.has(name) || (/^(options|client)$/.test(object.name ?? '') && NEVER_GIVEN.has(name));
  if (operator === '!') return argument?.callee?.name === 'looseInstanceOf';
  // Without a code, what asserts looks at an argument of ours.
  const { code } = ERRORS[callee?.name ?? ''] ?? {};
  return code !== undefined && callee!.name!.startsWith('assert') && given.length <= code;
}

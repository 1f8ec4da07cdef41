import type { MiddlewareObj } from '@middy/core';
import { ShoutError } from '../../domain/errors.ts';
import type { Validate, ValidationIssue } from './validators.generated.js';

/**
 * Validates one part of the event against its JSON Schema, compiled at build: no AJV in a bundle.
 * @param pick what to validate, for example `({ body }) => body`
 */
// biome-ignore lint/suspicious/noExplicitAny: each handler's event has its own shape, and what is picked is unknown
export function validate<T>(isValid: Validate<T>, pick: (event: any) => unknown): MiddlewareObj {
  const validateBefore: MiddlewareObj['before'] = ({ event }) => {
    if (!isValid(pick(event))) throw new ShoutError('invalid_message', sentence(isValid.errors));
  };
  return { before: validateBefore };
}

/** A property name that may be repeated in an answer. Anything else could be a token in the wrong place. */
const IDENTIFIER = /^\w{1,32}$/;

/** Says which property is wrong and why, never its value. */
function sentence(issues: readonly ValidationIssue[] | null | undefined): string {
  const [issue] = issues ?? [];
  if (!issue) return 'The message does not match its schema.';
  const where = issue.instancePath.slice(1).replaceAll('/', '.') || 'the message';
  const extra = String(issue.params.additionalProperty ?? '');
  return `Invalid message: ${where} ${issue.message}${IDENTIFIER.test(extra) ? ` (${extra})` : ''}.`;
}

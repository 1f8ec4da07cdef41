import type { MiddlewareObj } from '@middy/core';
import validator from '@middy/validator';
import { ShoutError } from '../../domain/errors.ts';

export interface ValidationIssue {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}

/**
 * A validator that AJV compiled from a schema in advance (schemas/generate.ts). `@middy/validator` takes it as
 * `eventSchema`.
 */
export interface Validate<T> {
  (event: unknown): event is T;
  errors?: ValidationIssue[] | null;
}

/** Returns `@middy/validator` with a validator that was compiled in advance, so that AJV stays out of every bundle. */
export function validate<T>(eventSchema: Validate<T>): MiddlewareObj {
  // The middleware accepts a compiled validator, though its types ask for an Ajv instance.
  return validator({ eventSchema: eventSchema as never }) as MiddlewareObj;
}

/**
 * Turns the error that `@middy/validator` throws for an invalid event into a refusal in one sentence.
 *
 * @returns undefined for any other error
 */
export function validationRefusal(error: unknown): ShoutError | undefined {
  const { cause } = error as { cause?: { package?: unknown; data?: readonly ValidationIssue[] | null } };
  if (cause?.package !== '@middy/validator') return undefined;
  return new ShoutError('invalid_message', sentence(cause.data), { cause: error });
}

/** Matches property names that an answer may repeat. Any other name could be a token in the wrong place. */
const IDENTIFIER = /^\w{1,32}$/;

/** Returns a sentence that names the wrong property and the reason, but never the value. */
function sentence(issues: readonly ValidationIssue[] | null | undefined): string {
  const [issue] = issues ?? [];
  if (!issue) return 'The message does not match its schema.';
  // Skips the first step of the path, which is the part of the event: `body` or `queryStringParameters`.
  const where = issue.instancePath.split('/').slice(2).join('.') || 'the message';
  const extra = String(issue.params.additionalProperty ?? '');
  return `Invalid message: ${where} ${issue.message}${IDENTIFIER.test(extra) ? ` (${extra})` : ''}.`;
}

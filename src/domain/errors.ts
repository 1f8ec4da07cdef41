import type { ErrorCode, Rule } from './schema.generated.ts';

interface Details {
  /** The `clientMessageId` of the command that was refused, so that its sender can match the answer. */
  clientMessageId?: string | undefined;
  /** Time to wait before trying again, ms. */
  retryAfterMs?: number | undefined;
  /** The room's rule that is the reason for the refusal. */
  rule?: Rule | undefined;
  /** If a ban is the reason for the refusal: its end, ms since 1970. Absent if the ban has no end. */
  until?: number | undefined;
  cause?: unknown;
}

/**
 * A refusal with a stable code from the closed list in `schemas/server.json`. The domain, the adapters and the handlers
 * throw it. Only `handlers/middleware/errors.ts` turns it into a frame or an HTTP status.
 */
export class ShoutError extends Error {
  readonly code: ErrorCode;
  readonly clientMessageId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly rule: Rule | undefined;
  readonly until: number | undefined;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = 'ShoutError';
    this.code = code;
    this.clientMessageId = details.clientMessageId;
    this.retryAfterMs = details.retryAfterMs;
    this.rule = details.rule;
    this.until = details.until;
  }
}

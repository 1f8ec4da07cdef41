import type { MiddlewareObj } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import { MAX_FRAME_BYTES } from '../../domain/delivery/frames.ts';
import { ShoutError } from '../../domain/errors.ts';
import { utf8Length } from '../../domain/text/utf8.ts';

interface WithBody {
  body?: unknown;
  isBase64Encoded?: boolean;
}

/**
 * Parses the body of an event, which is one WebSocket message. Refuses a binary message, and one of more than 32 KB.
 * API Gateway limits only the single frames of the WebSocket protocol to 32 KB. It accepts a message of up to 128 KB
 * that the client splits over several of these frames. Does not check the Content-Type, because WebSocket events have
 * none.
 */
export function parse(): MiddlewareObj {
  const parser = httpJsonBodyParser({ disableContentTypeCheck: true });
  const parseBefore: MiddlewareObj['before'] = (request) => {
    const { body, isBase64Encoded } = request.event as WithBody;
    if (isBase64Encoded) throw new ShoutError('invalid_message', 'Send text frames; this one is binary.');
    // Compares the number of UTF-16 units first. Each unit takes at least one byte, and counting bytes takes time.
    if (typeof body === 'string' && (body.length > MAX_FRAME_BYTES || utf8Length(body) > MAX_FRAME_BYTES)) {
      throw new ShoutError('too_large', `A frame holds at most ${MAX_FRAME_BYTES} bytes.`);
    }
    try {
      return parser.before?.(request as never);
    } catch (cause) {
      throw new ShoutError('invalid_message', 'This is not a JSON object.', { cause });
    }
  };
  return { before: parseBefore };
}

/**
 * Returns the parsed body of an event, even if {@link parse} has not run or has failed. Returns undefined if the body
 * is not JSON. A body of more than {@link MAX_FRAME_BYTES} UTF-16 units is not parsed, but returned as it is.
 */
export function bodyOf(event: unknown): unknown {
  const { body } = event as WithBody;
  if (typeof body !== 'string' || body.length > MAX_FRAME_BYTES) return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

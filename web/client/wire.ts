import type { ChatHistoryPage, Config, EventsPage, ServerFrame } from '../../src/domain/schema.generated.ts';
import { isSafeUrl } from './safe-url.ts';

/*
 * Checks of frames and HTTP answers, so that, for example, the error page of a proxy never gets into the feed. They are
 * looser than the schemas in `schemas/`: they check only the properties that the client relies on.
 */

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, unknown>>;

const isString: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (fields: Readonly<Record<string, Check>>) => (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(fields).every(([name, isExpected]) => isExpected((value as Fields)[name]));
const isListOf = (isItem: Check) => (value: unknown) => Array.isArray(value) && value.every(isItem);

const position = { epoch: isString, head: isCount };
const isPeople: Check = (people) => people === undefined || isCount(people);
const numbered = {
  seq: (seq: unknown) => isCount(seq) && seq !== 0,
  id: isString,
  at: Number.isFinite,
  actor: isObject({ id: isString, name: isString }),
};
const isPosted = isObject({ ...numbered, text: isString });
const isDeleted = isObject({ ...numbered, deleted: (deleted) => deleted === true });
const events = isListOf(isObject({ ...numbered, type: isString, data: isObject({}) }));

const frames: Readonly<Record<ServerFrame['type'], Check>> = {
  ack: isObject({ clientMessageId: isString, id: isString }),
  pong: isObject({ ...position, people: isPeople }),
  authenticated: isObject({ expiresAt: Number.isFinite }),
  error: isObject({ code: isString, message: isString }),
  events: isObject({ epoch: isString, room: isString, events, people: isPeople }),
};

/** Whether API Gateway itself has answered a frame, for example because the Lambda failed or the route is throttled. */
const isGatewayError = isObject({ message: isString, requestId: isString });

export const isConfig = isObject({ webSocketUrl: isSafeUrl, issuer: isSafeUrl, limits: isObject({}) }) as (
  body: unknown,
) => body is Config;

export const isHistoryPage = isObject({
  ...position,
  messages: isListOf((message) => isPosted(message) || isDeleted(message)),
  nextBefore: (seq) => seq === null || isCount(seq),
}) as (body: unknown) => body is ChatHistoryPage;

export const isEventsPage = isObject({ ...position, events }) as (body: unknown) => body is EventsPage;

/**
 * Parses a frame. Turns an error of API Gateway itself into an error frame with the code `unavailable`.
 *
 * @returns undefined for data that is neither a valid frame nor such an error
 */
export function parseFrame(data: unknown): ServerFrame | undefined {
  try {
    const frame = JSON.parse(data as string);
    if (Object.hasOwn(frames, frame.type) && frames[frame.type as ServerFrame['type']](frame)) return frame;
    if (!isString(frame.type) && isGatewayError(frame))
      return { type: 'error', code: 'unavailable', message: frame.message };
  } catch {
    // The data is not JSON, or it is `null`.
  }
  return undefined;
}

import type {
  ChatHistoryPage,
  Config,
  EventsPage,
  Message,
  SequencedEvent,
  ServerFrame,
} from '../../src/domain/schema.generated.ts';
import { isSafeUrl } from './safe-url.ts';

type Fields = Record<string, unknown>;

/**
 * Checks the properties of the server's messages that the client relies on. The full schemas are the server's side of the
 * contract; these checks keep a proxy's HTML page or a truncated frame out of the feed.
 */
const frames: Record<ServerFrame['type'], (frame: Fields) => boolean> = {
  ack: ({ clientMessageId, id }) => isString(clientMessageId) && isString(id),
  pong: (frame) => isPosition(frame) && isPeople(frame),
  authenticated: ({ expiresAt }) => Number.isFinite(expiresAt),
  error: ({ code, message }) => isString(code) && isString(message),
  events: (frame) =>
    isString(frame.epoch) && isString(frame.room) && isListOf(frame.events, isEvent) && isPeople(frame),
};

export function parseFrame(data: unknown): ServerFrame | undefined {
  const frame = parse(data);
  if (!frame) return undefined;
  const { type, message, requestId } = frame;
  if (isString(type)) {
    const isExpected = Object.hasOwn(frames, type) && frames[type as ServerFrame['type']](frame);
    return isExpected ? (frame as unknown as ServerFrame) : undefined;
  }
  // API Gateway itself answers if the integration failed or a route is throttled:
  // {"message":"Internal server error","connectionId":…,"requestId":…}
  return isString(message) && isString(requestId) ? { type: 'error', code: 'unavailable', message } : undefined;
}

export function isConfig(body: unknown): body is Config {
  return isRecord(body) && isSafeUrl(body.webSocketUrl) && isSafeUrl(body.issuer) && isRecord(body.limits);
}

export function isHistoryPage(body: unknown): body is ChatHistoryPage {
  return (
    isRecord(body) &&
    isPosition(body) &&
    isListOf(body.messages, isMessage) &&
    (body.nextBefore === null || Number.isSafeInteger(body.nextBefore))
  );
}

export function isEventsPage(body: unknown): body is EventsPage {
  return isRecord(body) && isPosition(body) && isListOf(body.events, isEvent);
}

function parse(data: unknown): Fields | undefined {
  try {
    const value: unknown = JSON.parse(data as string);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is SequencedEvent {
  return isNumbered(value) && isString(value.type) && isRecord(value.data);
}

function isMessage(value: unknown): value is Message {
  return isNumbered(value) && (isString(value.text) || value.deleted === true);
}

function isNumbered(value: unknown): value is Fields {
  return (
    isRecord(value) &&
    isCount(value.seq) &&
    value.seq > 0 &&
    isString(value.id) &&
    Number.isFinite(value.at) &&
    isRecord(value.actor) &&
    isString(value.actor.id) &&
    isString(value.actor.name)
  );
}

function isPosition({ epoch, head }: Fields): boolean {
  return isString(epoch) && isCount(head);
}

function isPeople({ people }: Fields): boolean {
  return people === undefined || isCount(people);
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

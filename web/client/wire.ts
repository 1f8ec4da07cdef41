import type {
  ChatHistoryPage,
  Config,
  EventsPage,
  Message,
  SequencedEvent,
  ServerFrame,
} from '../../src/domain/schema.generated.ts';

/**
 * What comes from the server, checked for what is relied on here. The full schemas are the server's side of the
 * contract; this keeps a proxy's HTML page or a half-written frame from reaching the feed.
 */
export function parseFrame(data: unknown): ServerFrame | undefined {
  const frame = parse(data);
  switch (frame?.type) {
    case 'ack':
      return isString(frame.clientMessageId) && isString(frame.id) ? (frame as unknown as ServerFrame) : undefined;
    case 'pong':
      return isPosition(frame) ? (frame as unknown as ServerFrame) : undefined;
    case 'authenticated':
      return Number.isFinite(frame.expiresAt) ? (frame as unknown as ServerFrame) : undefined;
    case 'error':
      return isString(frame.code) && isString(frame.message) ? (frame as unknown as ServerFrame) : undefined;
    case 'events':
      return isString(frame.epoch) && isString(frame.room) && isListOf(frame.events, isEvent)
        ? (frame as unknown as ServerFrame)
        : undefined;
    default:
      return gatewayError(frame);
  }
}

export function isConfig(body: unknown): body is Config {
  return isRecord(body) && isString(body.webSocketUrl) && isString(body.issuer) && isRecord(body.limits);
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

/**
 * API Gateway answers by itself where the integration failed or a route is throttled:
 * `{"message":"Internal server error","connectionId":…,"requestId":…}`.
 */
function gatewayError(frame: Record<string, unknown> | undefined): ServerFrame | undefined {
  return isString(frame?.message) && isString(frame.requestId)
    ? { type: 'error', code: 'unavailable', message: frame.message }
    : undefined;
}

function parse(data: unknown): Record<string, unknown> | undefined {
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

function isNumbered(value: unknown): value is Record<string, unknown> {
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

function isPosition({ epoch, head }: Record<string, unknown>): boolean {
  return isString(epoch) && isCount(head);
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

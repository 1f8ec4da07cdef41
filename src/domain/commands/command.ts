import { eventId } from '../feed/event-id.ts';
import type { NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { Actor, EventBody, EventId } from '../schema.generated.ts';

/** Who decides, where, when, under which id. */
export interface Context {
  room: string;
  actor: Actor;
  clientMessageId: string;
  /** ms since 1970. */
  at: number;
  trace?: string | undefined;
  limits: { textGraphemes: number };
}

/** What a decision rests on besides the command. Each part is there where the command says that it needs it. */
export interface State {
  /** The earlier event that the command is about, as it is now. */
  target?: StoredEvent | undefined;
}

/** What a command needs of the state, and where to find it. It is read before the decision. */
export interface Needs<C> {
  target?: (command: C) => EventId;
}

/** A command that appends one event. */
export interface Command<C> {
  /** The `action` of its frame and the name of its Lambda. */
  readonly name: string;
  readonly needs?: Needs<C>;
  /**
   * Who may, and what happens: pure.
   * @throws ShoutError where it may not be
   */
  decide(command: C, state: State, context: Context): NewEvent;
}

/** Whether the token of who decides gives the role. A role of the past counts for nothing. */
export function isModerator({ role }: Actor): boolean {
  return role === 'moderator';
}

/** Makes the event that a command decides. */
export function newEvent(body: EventBody, { room, actor, clientMessageId, at, trace }: Context): NewEvent {
  const id = eventId(actor.id, clientMessageId);
  return { room, id, ...body, v: 1, at, actor, ...(trace === undefined ? {} : { trace }) };
}

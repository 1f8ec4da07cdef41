import { ShoutError } from '../errors.ts';
import { eventId } from '../feed/event-id.ts';
import type { Rules } from '../governance/rules.ts';
import type { IsBlocked } from '../governance/words.ts';
import type { NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { Actor, EventBody, EventId } from '../schema.generated.ts';

/** The sender, the room, the time and the id of a command. */
export interface Context {
  room: string;
  actor: Actor;
  clientMessageId: string;
  /** ms since 1970. */
  at: number;
  trace?: string | undefined;
  limits: { textGraphemes: number };
  /** Why the sender may not write in the room, if they may not. */
  noAccess?: ShoutError | undefined;
}

/** State that a decision depends on. A part is present if the command's `needs` names it. */
export interface State {
  /** The earlier event that the command is about, as it is now. */
  target?: StoredEvent | undefined;
  /** The rules of the room, at most a second old. */
  rules?: Rules | undefined;
  /** Whether a text holds a word that is blocked in the room; absent if no word is blocked. */
  isBlocked?: IsBlocked | undefined;
}

/** The state that a command needs, read before it decides. */
export interface Needs<C> {
  target?: (command: C) => EventId | undefined;
  rules?: true;
}

/** A command that appends one event. */
export interface Command<C> {
  /** The `action` of its frame and the name of its Lambda. */
  readonly name: string;
  readonly needs?: Needs<C>;
  /** Whether its event amends the target. */
  readonly amends?: true;
  /** Whether slow mode and the room's rate limit apply to it. */
  readonly paced?: true;
  /**
   * Returns the event. Pure: a command that comes again gives the same event.
   * @throws ShoutError if this sender can never send this frame, whatever the state
   */
  decide(command: C, state: State, context: Context): NewEvent;
  /**
   * Why the command is refused, if it is: the sender's role, a rule of the room, the state of the target, or a limit of the
   * operator's. Pure. It applies to new events only: an event that is in the log is acknowledged again, because its first
   * answer may have been lost and what refuses it now may be newer.
   */
  refusal?(command: C, state: State, context: Context): ShoutError | undefined;
}

/** Whether the sender's current token makes them a moderator. */
export function isModerator({ role }: Actor): boolean {
  return role === 'moderator';
}

export function noSuchMessage(clientMessageId: string): ShoutError {
  return new ShoutError('invalid_message', 'There is no such message in this room.', { clientMessageId });
}

/** Makes the event that a command decides. */
export function newEvent(body: EventBody, { room, actor, clientMessageId, at, trace }: Context): NewEvent {
  const id = eventId(actor.id, clientMessageId);
  return { room, id, ...body, v: 1, at, actor, ...(trace === undefined ? {} : { trace }) };
}

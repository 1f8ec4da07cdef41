import { ShoutError } from '../errors.ts';
import { eventId } from '../feed/event-id.ts';
import type { Rules } from '../governance/rules.ts';
import type { IsBlocked } from '../governance/words.ts';
import type { NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { Actor, EventBody, EventId } from '../schema.generated.ts';

/** The circumstances of a command: who sends it, where, when, and under which limits. */
export interface Context {
  room: string;
  actor: Actor;
  clientMessageId: string;
  /** ms since 1970. */
  at: number;
  trace?: string | undefined;
  limits: { textGraphemes: number };
  /** The refusal, if the sender may not write in the room. */
  noAccess?: ShoutError | undefined;
}

/**
 * State that a decision depends on. `target` is read only if the command's `needs` has a `target`. `rules` and
 * `isBlocked` are read together, only if `needs` has `rules`.
 */
export interface State {
  /**
   * The earlier event that the command is about, as the log holds it now: a later event, such as a deletion, can have
   * changed it. Absent if it is not in the log.
   */
  target?: StoredEvent | undefined;
  /** The rules of the room, at most a second old. */
  rules?: Rules | undefined;
  /** Whether a text holds a word that is blocked in the room; absent if no word is blocked. */
  isBlocked?: IsBlocked | undefined;
}

/** Names the state that is read before `decide` and `refusal` of a command are called. */
export interface Needs<C> {
  target?: (command: C) => EventId | undefined;
  rules?: true;
}

/** A command that appends one event. */
export interface Command<C> {
  /** The `action` of its frame and the name of its Lambda. */
  readonly name: string;
  readonly needs?: Needs<C>;
  /** Whether its event changes the target. One transaction then appends the event and writes the changed target. */
  readonly amends?: true;
  /** Whether slow mode and the room's rate limit apply to it. */
  readonly paced?: true;
  /**
   * Returns the event that the command appends. Pure: the time and the id come from the context.
   * @throws ShoutError if the frame is invalid whatever the state is: for example, if a moderator bans themselves
   */
  decide(command: C, state: State, context: Context): NewEvent;
  /**
   * Returns the refusal if something forbids the command: for example the sender's role, a rule of the room, the state
   * of the target or a limit that the operator has set. Pure.
   *
   * A refusal applies to new events only. If the command's event is already in the log, the command is a retry, and is
   * acknowledged: the first answer may have been lost, and the reason to refuse may be newer than the event.
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

export function newEvent(body: EventBody, { room, actor, clientMessageId, at, trace }: Context): NewEvent {
  const id = eventId(actor.id, clientMessageId);
  return { room, id, ...body, v: 1, at, actor, ...(trace === undefined ? {} : { trace }) };
}

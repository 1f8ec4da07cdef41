import { takeTurn } from '../admission/slow-mode.ts';
import { ShoutError } from '../errors.ts';
import { amend, amendment, type Content } from '../feed/amendment.ts';
import { clientMessageIdOf } from '../feed/event-id.ts';
import type { EventLog, NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { RoomRules } from '../ports/room-rules.ts';
import type { EventId } from '../schema.generated.ts';
import { type Command, type Context, isModerator, type State } from './command.ts';

/** The result of a command. */
export interface Receipt {
  /** Id of the command's event. A command that would change nothing has none; `id` is then that of its target. */
  id: EventId;
  appended: boolean;
  /** Whether `id` names a message without text: deleted, hidden or voided. */
  deleted: boolean;
}

type Log = Pick<EventLog, 'find' | 'append'>;

export interface ExecutePorts {
  log: Log;
  rules: RoomRules;
  rateLimiter: RateLimiter;
}

/** Maximum number of attempts. Another attempt is needed only if another process writes the target meanwhile. */
const MAX_ATTEMPTS = 10;

/**
 * Reads the state that a command needs, calls its `decide` and `refusal`, and appends the event. If the event amends
 * the target, one transaction writes the event and the amended target. Starts again if the target has changed
 * meanwhile.
 *
 * @throws ShoutError
 *   - what `decide` throws
 *   - `context.noAccess`, what `refusal` returns, or the refusal of slow mode; not if the event is in the log already
 *   - `conflict` if the log has a different event with the same id
 *   - `unavailable` if the target changes too often
 */
export async function execute<C>(
  command: Command<C>,
  frame: C,
  context: Context,
  ports: ExecutePorts,
): Promise<Receipt> {
  const { log } = ports;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const state = await readState(command, frame, context.room, ports);
    const event = command.decide(frame, state, context);
    const refusal =
      context.noAccess ??
      command.refusal?.(frame, state, context) ??
      (await slowModeRefusal(command, state, context, ports));
    if (refusal) return unlessInLog(event, refusal, log);
    const receipt = await append(event, state, log);
    if (receipt) return receipt;
  }
  throw new ShoutError('unavailable', 'Others are changing this message just now. Try again soon.');
}

async function readState<C>({ needs }: Command<C>, frame: C, room: string, ports: ExecutePorts): Promise<State> {
  const target = needs?.target?.(frame);
  const [found, inForce] = await Promise.all([
    target === undefined ? undefined : ports.log.find(room, target),
    needs?.rules ? ports.rules.current(room) : undefined,
  ]);
  return { ...(found ? { target: found } : {}), ...inForce };
}

async function slowModeRefusal<C>(
  { paced }: Command<C>,
  { rules }: State,
  { room, actor, clientMessageId }: Context,
  { rateLimiter }: ExecutePorts,
): Promise<ShoutError | undefined> {
  if (!paced || !rules?.slow || isModerator(actor)) return undefined;
  try {
    await takeTurn(rateLimiter, room, actor.id, rules.slow);
    return undefined;
  } catch (error) {
    if (!(error instanceof ShoutError)) throw error;
    const { code, message, ...details } = error;
    return new ShoutError(code, message, { ...details, clientMessageId });
  }
}

/**
 * Acknowledges a command whose event is in the log, although the command would be refused now. The first answer to the
 * command may have been lost.
 * @throws ShoutError the refusal if the event is not in the log; `conflict` if a different event has its id
 */
async function unlessInLog(event: NewEvent, refusal: ShoutError, log: Log): Promise<Receipt> {
  const found = await log.find(event.room, event.id);
  if (found) return duplicate(event, found);
  throw refusal;
}

/** @returns undefined if the target changed since it was read */
async function append(event: NewEvent, { target }: State, log: Log): Promise<Receipt | undefined> {
  const amended = amendedBy(event, target);
  if (target && amended === target) return unchanged(event, target, log);
  const outcome = await log.append(event, amended);
  if (outcome.kind === 'stale') return undefined;
  if (outcome.kind === 'duplicate') return duplicate(event, outcome.found);
  return { id: event.id, appended: true, deleted: false };
}

/**
 * Returns the target with the event's changes: the same object if nothing changes, undefined if events of this type
 * never amend a message.
 * @throws Error if the event amends a message other than the target
 */
function amendedBy(event: NewEvent, target: StoredEvent | undefined): StoredEvent | undefined {
  const amending = amendment(event);
  if (!amending) return undefined;
  if (amending.target !== target?.id) throw new Error(`${event.type} amends what its command has not read.`);
  const data = amend<Content>(target.data, amending.changes);
  return data === target.data ? target : ({ ...target, data } as StoredEvent);
}

/**
 * Answers a command that would change nothing. Looks up the command's event first, because the command may be a retry
 * of the one that made the change.
 */
async function unchanged(event: NewEvent, target: StoredEvent, log: Log): Promise<Receipt> {
  const found = await log.find(event.room, event.id);
  return found ? duplicate(event, found) : { id: target.id, appended: false, deleted: isDeleted(target) };
}

/**
 * Answers a command whose id is taken. If the event in the log says the same, or has lost its text, the command counts
 * as a retry and succeeds.
 * @throws ShoutError `conflict` if the event says something else
 */
function duplicate(event: NewEvent, found: StoredEvent): Receipt {
  if (found.type !== event.type || !(isDeleted(found) || saysTheSame(found.data, event.data))) {
    const clientMessageId = clientMessageIdOf(event.id);
    throw new ShoutError('conflict', 'This clientMessageId was used for another message.', { clientMessageId });
  }
  return { id: event.id, appended: false, deleted: isDeleted(found) };
}

/**
 * Whether the event is a message without text: deleted, hidden or voided. Then there is no text to compare with the
 * text of a repeated command.
 */
function isDeleted({ type, data }: StoredEvent): boolean {
  return type === 'MessagePosted' && data.text === undefined;
}

/** Whether the stored content holds everything that was sent. It may hold more, because amendments add fields. */
function saysTheSame(found: Content, said: Content): boolean {
  return Object.entries(said).every(([field, value]) => isEqual(found[field], value));
}

/**
 * Compares JSON values. Ignores properties that only `found` has. Also ignores the order of properties, because the
 * store does not keep the order.
 */
function isEqual(found: unknown, said: unknown): boolean {
  if (typeof found !== 'object' || typeof said !== 'object' || found === null || said === null) return found === said;
  return saysTheSame(found as Content, said as Content);
}

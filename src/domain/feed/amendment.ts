import type { EventBody, EventId } from '../schema.generated.ts';
import { authorOf } from './event-id.ts';

/** A value with a version. Of two such values, the one with the greater version is kept. */
export interface Versioned {
  readonly version: number;
}

/**
 * Changes to an earlier message, as plain data: flags to set, and versioned values. `deleted` is final: of the
 * message's content, only this flag and `byModerator` remain. `byModerator` marks a deletion by somebody other than the
 * author.
 */
export type Changes = Readonly<Record<string, true | Versioned>>;

export interface Amendment {
  readonly target: EventId;
  readonly changes: Changes;
}

/**
 * Returns how an event changes an earlier message. Readers apply these changes when they fold the event. The
 * transaction that appends the event also writes the changed target, so that a page of history shows messages as they
 * are now.
 *
 * Amendments must commute, because events may be numbered in another order than they were appended in. They must be
 * idempotent, because a reader may get a change twice: in the message that a page of history shows, and in the event.
 * The type `Changes` allows no other changes. Pin and unpin, for example, are no amendments: their order matters.
 *
 * @returns undefined if the event changes no earlier message, if its target is not a string, or if this version of the
 *   code does not know its type
 */
export function amendment(event: EventBody): Amendment | undefined {
  switch (event.type) {
    case 'MessageDeleted':
      return amending(event.data.target, {
        deleted: true,
        ...(isByOther(event.data) ? { byModerator: true } : {}),
      });
    default:
      event.type satisfies AmendsNothing;
      return undefined;
  }
}

/**
 * Types of events that amend nothing. The compiler requires each type to be listed here or to have a case above.
 * Bans and other changes of a room's rules are no amendments, because their order matters (governance/rules.ts).
 */
type AmendsNothing =
  | 'MessagePosted'
  | 'NumberVacant'
  | 'PersonBanned'
  | 'PersonUnbanned'
  | 'PersonErased'
  | 'RoomChanged';

function isByOther({ target, by }: { target: unknown; by: unknown }): boolean {
  return typeof target === 'string' && typeof by === 'string' && authorOf(target) !== by;
}

/**
 * Returns undefined if the target is not a string. That can happen, because readers do not validate the data of events
 * that they fold.
 */
function amending(target: unknown, changes: Changes): Amendment | undefined {
  return typeof target === 'string' ? { target, changes } : undefined;
}

/** The content of a message: the `data` of its event. */
export type Content = Readonly<Record<string, unknown>>;

/**
 * Applies changes to the content of a message.
 * @returns the same object if nothing changes
 */
export function amend<C extends Content>(content: C, changes: Content): C {
  // A voided message has lost its text, because its author was banned. It has nothing left that could change.
  if (content.voided === true) return content;
  if (content.deleted === true || changes.deleted === true) return tombstone(content, changes) as C;
  let amended: Content = content;
  for (const [field, value] of Object.entries(changes)) {
    const present = Object.hasOwn(amended, field) ? amended[field] : undefined;
    if (present === undefined || isGreater(value, present)) amended = { ...amended, [field]: value };
  }
  return amended as C;
}

/** Returns the content of a deleted message; the same object if nothing changes. */
function tombstone(content: Content, changes: Content): Content {
  const isOld = content.deleted === true && Object.keys(content).every((field) => FINAL.has(field));
  const byModerator = content.byModerator === true || changes.byModerator === true;
  if (isOld && byModerator === (content.byModerator === true)) return content;
  return { deleted: true, ...(byModerator ? { byModerator } : {}) };
}

const FINAL: ReadonlySet<string> = new Set(['deleted', 'byModerator']);

/** Whether `a` has the greater version. Breaks ties by the JSON text, so that every reader keeps the same value. */
function isGreater(a: unknown, b: unknown): boolean {
  if (!isVersioned(a) || !isVersioned(b)) return false;
  return a.version === b.version ? JSON.stringify(a) > JSON.stringify(b) : a.version > b.version;
}

function isVersioned(value: unknown): value is Versioned {
  return typeof (value as Versioned | null)?.version === 'number';
}

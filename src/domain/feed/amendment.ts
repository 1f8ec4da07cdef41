import type { EventBody, EventId } from '../schema.generated.ts';
import { authorOf } from './event-id.ts';

/** A value that is replaced only by one of a greater version. */
export interface Versioned {
  readonly version: number;
}

/**
 * What changes in an earlier message, as plain data: flags that are set, and values of which the greater version stays.
 * `deleted` is final: everything else that the message said is removed; `byModerator` says who did it.
 */
export type Changes = Readonly<Record<string, true | Versioned>>;

export interface Amendment {
  readonly target: EventId;
  readonly changes: Changes;
}

/**
 * How an event changes an earlier message: the single rule. Readers fold with it, and the append writes its changes to
 * the target's item in the same transaction, so that a page of history shows messages as they are now.
 *
 * Events are appended in one order and numbered in another, so amendments must commute and be idempotent. Changes
 * can be nothing else. What needs an order, such as pin and unpin, is no amendment.
 *
 * @returns undefined for an event that changes nothing earlier, and for types that this version does not know
 */
export function amendment(event: EventBody): Amendment | undefined {
  switch (event.type) {
    case 'MessagePosted':
    case 'NumberVacant':
      return undefined;
    case 'MessageDeleted':
      return amending(event.data.target, {
        deleted: true,
        ...(isByOther(event.data) ? { byModerator: true } : {}),
      });
    default:
      event satisfies never;
      return undefined;
  }
}

function isByOther({ target, by }: { target: unknown; by: unknown }): boolean {
  return typeof target === 'string' && typeof by === 'string' && authorOf(target) !== by;
}

/** Readers fold whatever arrives, so a target that is no id amends nothing. */
function amending(target: unknown, changes: Changes): Amendment | undefined {
  return typeof target === 'string' ? { target, changes } : undefined;
}

/** What a message says: the `data` of its event, without its place, its author and its time. */
export type Content = Readonly<Record<string, unknown>>;

/**
 * Applies changes to what a message says.
 * @returns the very same object where nothing changes
 */
export function amend<C extends Content>(content: C, changes: Content): C {
  if (content.deleted === true || changes.deleted === true) return tombstone(content, changes) as C;
  let amended: Content = content;
  for (const [field, value] of Object.entries(changes)) {
    const present = Object.hasOwn(amended, field) ? amended[field] : undefined;
    if (present === undefined || isGreater(value, present)) amended = { ...amended, [field]: value };
  }
  return amended as C;
}

/** What is left of a deleted message. */
function tombstone(content: Content, changes: Content): Content {
  const isOld = content.deleted === true && Object.keys(content).every((field) => FINAL.has(field));
  const byModerator = content.byModerator === true || changes.byModerator === true;
  if (isOld && byModerator === (content.byModerator === true)) return content;
  return { deleted: true, ...(byModerator ? { byModerator } : {}) };
}

const FINAL: ReadonlySet<string> = new Set(['deleted', 'byModerator']);

/** Of two values of one version the same one must win everywhere, whichever comes first. */
function isGreater(a: unknown, b: unknown): boolean {
  if (!isVersioned(a) || !isVersioned(b)) return false;
  return a.version === b.version ? JSON.stringify(a) > JSON.stringify(b) : a.version > b.version;
}

function isVersioned(value: unknown): value is Versioned {
  return typeof (value as Versioned | null)?.version === 'number';
}

import type { Actor, ActorId, EventBody, EventId, Pinned } from '../schema.generated.ts';
import { type HiddenPeople, hide } from './hide.ts';
import { isOperator } from './operator.ts';

export interface Ban {
  /** End, ms since 1970; absent for a ban without an end. */
  readonly until?: number;
  /** Whether the operator set the ban. It then binds moderators too, and only the operator can end it. */
  readonly byOperator?: true;
}

/** The rules that hold in a room: the result of folding its events in the order of their numbers. */
export interface Rules {
  /** The number of the event that last changed the rules; 0 if none did. */
  readonly at: number;
  readonly bans: Readonly<Record<ActorId, Ban>>;
  readonly hidden: HiddenPeople;
  /** Minimum time between two messages of one person, seconds; 0 without slow mode. */
  readonly slow: number;
  /** Whether only moderators may write. */
  readonly locked: boolean;
  readonly pinned?: Pinned;
}

export const noRules: Rules = { at: 0, bans: {}, hidden: {}, slow: 0, locked: false };

/**
 * What numbering decides about a batch of events, besides their numbers: the new rules, and which messages are voided.
 */
export interface Verdict {
  /** The rules before the first event of the batch; the same object as `after` if no event changes them. */
  readonly before: Rules;
  /** The rules after the last event. */
  readonly after: Rules;
  /** Messages that a ban with a lower number forbids (see `banOf`). They get a number, but lose their text. */
  readonly voided: ReadonlySet<EventId>;
}

/**
 * Maximum number of bans in a room. Together with `MAX_HIDDEN` (hide.ts), it keeps the stored item with the room's
 * rules below 32 KB.
 */
export const MAX_BANS = 300;
/**
 * Number of the {@link MAX_BANS} places that are kept free for the operator. Moderators who ban at the same moment can
 * still take some of these places, because their commands do not see each other's bans yet.
 */
const SPARE_BANS = 50;

/**
 * Time for which a ban is kept after its end, ms. A message that the banned person sent before the end must still be
 * voided when it gets its number, and the stream may deliver it up to a day late. A message that `npm run redrive`
 * numbers even later may find the ban gone.
 */
const KEPT_AFTER_END_MS = 24 * 3_600_000;

/** An event with its number and the fields that the rules depend on. */
export type RuleEvent = EventBody & { seq: number; at: number; actor: Actor };

/**
 * Folds one event into the rules.
 * @returns the same object if the event changes no rule, or has a type that this version does not know
 */
export function evolveRules(rules: Rules, event: RuleEvent): Rules {
  const changed = changedBy(rules, event);
  return changed === rules ? rules : { ...changed, at: event.seq };
}

function changedBy(rules: Rules, event: RuleEvent): Rules {
  switch (event.type) {
    case 'PersonBanned':
      return withBan(
        event.data.hide ? { ...rules, hidden: hide(rules.hidden, event.data.person, event) } : rules,
        event,
      );
    case 'PersonUnbanned':
      return withoutBan(rules, event.data.person, event.actor);
    case 'RoomChanged':
      return withChanges(rules, event.data);
    default:
      return rules;
  }
}

function withBan(rules: Rules, event: RuleEvent & { type: 'PersonBanned' }): Rules {
  const { person, seconds } = event.data;
  const kept = keptBans(rules, event.at);
  const bans: Record<ActorId, Ban> = Object.fromEntries(kept);
  const byOperator = isOperator(event.actor);
  const before = bans[person];
  // A moderator's ban does not replace the operator's ban while the operator's ban is in force.
  if (before?.byOperator && !byOperator && !isOver(before, event.at)) return rules;
  if (!before && kept.length >= MAX_BANS) return rules;
  bans[person] = {
    ...(seconds === undefined ? {} : { until: event.at + seconds * 1_000 }),
    ...(byOperator ? { byOperator } : {}),
  };
  return { ...rules, bans };
}

function withoutBan(rules: Rules, person: ActorId, actor: Actor): Rules {
  if (!Object.hasOwn(rules.bans, person) || !mayLift(rules.bans[person]!, actor)) return rules;
  const { [person]: _, ...bans } = rules.bans;
  return { ...rules, bans };
}

function withChanges(rules: Rules, { slow, locked, pinned }: (EventBody & { type: 'RoomChanged' })['data']): Rules {
  const { pinned: before, ...rest } = rules;
  const now = pinned === undefined ? before : (pinned ?? undefined);
  return { ...rest, slow: slow ?? rules.slow, locked: locked ?? rules.locked, ...(now ? { pinned: now } : {}) };
}

/** Returns the bans that are in force at this time, or ended less than `KEPT_AFTER_END_MS` before it. */
function keptBans({ bans }: Rules, at: number): [ActorId, Ban][] {
  return Object.entries(bans).filter(([, ban]) => !isOver(ban, at - KEPT_AFTER_END_MS));
}

/** Whether the ban had ended at this time, ms since 1970. */
export function isOver({ until = Number.POSITIVE_INFINITY }: Ban, at: number): boolean {
  return at >= until;
}

/**
 * Returns the ban that applies to a person at a time, ms since 1970, if any. Moderators are bound only by bans of the
 * operator. Reads no clock, so that an event can be judged by its own time.
 */
export function banOf({ bans }: Rules, { id, role }: Actor, at: number): Ban | undefined {
  const ban = Object.hasOwn(bans, id) ? bans[id] : undefined;
  if (!ban || isOver(ban, at)) return undefined;
  return role === 'moderator' && !ban.byOperator ? undefined : ban;
}

export function mayLift({ byOperator }: Ban, actor: Actor): boolean {
  return !byOperator || isOperator(actor);
}

/**
 * Whether no place is left for `by` to ban `person`. Only the operator can use the last {@link SPARE_BANS} places. If
 * a ban of the person is kept already, the new ban replaces it and needs no place.
 */
export function isFull(rules: Rules, person: ActorId, by: Actor, at: number): boolean {
  const most = isOperator(by) ? MAX_BANS : MAX_BANS - SPARE_BANS;
  const kept = keptBans(rules, at);
  return kept.length >= most && !kept.some(([id]) => id === person);
}

// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * A fact in a room's log, numbered. Readers keep and skip types they do not know.
 */
export type SequencedEvent = EventEnvelope & EventBody;
/**
 * `<actorId>:<clientMessageId>`: the idempotency key, unique in a room.
 */
export type EventId = string;
/**
 * `vacant:<seq>`: there is no event with this number any more.
 */
export type VacantId = string;
export type EventBody =
  MessagePosted | MessageDeleted | PersonBanned | PersonUnbanned | PersonErased | RoomChanged | NumberVacant;
/**
 * The id of an actor (actor.json).
 */
export type ActorId = string;
/**
 * Why a moderator acted: a closed list, so that it can be shown in the reader's language.
 */
export type Reason = 'spam' | 'abuse' | 'off_topic' | 'personal_data' | 'illegal' | 'other';
/**
 * Seconds between two messages of one person; 0 for no such rule. Moderators are exempt.
 */
export type Slow = number;
/**
 * Only moderators write.
 */
export type Locked = boolean;
/**
 * Chosen by the sender, new for every message, the same for every retry of it. The server makes one where it is absent.
 */
export type ClientMessageId = string;
/**
 * What the server sends over the WebSocket: answers to one's own frames, and `events` posted to everyone in the room.
 */
export type ServerFrame = Ack | Pong | Authenticated | ErrorFrame | EventsFrame;
/**
 * Random per numbering of a room; another epoch means numbering restarted. Empty while the room has no event; `past` where events below the oldest that is kept are asked for.
 */
export type Epoch = string;
/**
 * Last number given in the room; 0 while it has none.
 */
export type Head = number;
/**
 * How many connections the room had when they were last counted. Absent where they never were. Clients spread their retries over it.
 */
export type People = number;
/**
 * What the token makes of this connection's person; absent for most people.
 */
export type Role = 'moderator';
/**
 * A closed list.
 */
export type ErrorCode =
  | 'invalid_message'
  | 'unknown_action'
  | 'too_large'
  | 'rate_limited'
  | 'unauthenticated'
  | 'forbidden'
  | 'conflict'
  | 'replaced'
  | 'unavailable';
/**
 * The rule of the room that refused it: the sender is banned, only moderators write, slow mode (with `retryAfterMs`), a blocked word, or a room that is not for them or does not exist.
 */
export type Rule = 'banned' | 'locked' | 'slow' | 'words' | 'access';
export type Room = string;
export type SeqParameter = string;
/**
 * 1 to PAGE_SIZE_MAX; more is refused.
 */
export type LimitParameter = string;
/**
 * What a client may send over the WebSocket. Every frame is one JSON object in one text frame of at most 32 KB. An unknown property is refused, not ignored. Each definition with an `action` is one frame.
 */
export type ClientFrame =
  SendMessage | DeleteMessage | BanPerson | UnbanPerson | ChangeRoom | ReportMessage | Ping | Authenticate;

/** Every command, by the `action` of its frame. */
export const ACTIONS = ['sendMessage', 'deleteMessage', 'banPerson', 'unbanPerson', 'changeRoom', 'reportMessage', 'ping', 'authenticate'] as const;
/**
 * Who did it. `id` is the first 22 characters of base64url(sha256(iss + "\n" + sub)): stable for a person at an issuer, and it leaks neither e-mail nor provider id.
 */
export interface Actor {
  id: string;
  /**
   * Display name, one line, at most 64 graphemes.
   */
  name: string;
  /**
   * A hash of what the name looks like (UTS 39): people with the same one could be taken for each other. Older events have none.
   */
  skeleton?: string;
  /**
   * A role that the token gave when it happened; absent for most people.
   */
  role?: 'moderator';
  /**
   * https URL of an avatar.
   */
  picture?: string;
}
export interface EventEnvelope {
  /**
   * Dense and unique within (room, epoch): 1, 2, 3 …
   */
  seq: number;
  id: EventId | VacantId;
  /**
   * Server clock at append, ms since 1970-01-01T00:00Z. For display and for the ends of bans, never for order.
   */
  at: number;
  actor: Actor;
}
/**
 * Somebody said something.
 */
export interface MessagePosted {
  type: 'MessagePosted';
  data: {
    /**
     * Absent once the message is deleted.
     */
    text?: string;
    /**
     * Set by a MessageDeleted.
     */
    deleted?: true;
    /**
     * Somebody else than its author deleted it.
     */
    byModerator?: true;
    /**
     * Its author was banned when it got its number. It has no text, and readers show nothing.
     */
    voided?: true;
  };
}
/**
 * The message `target` loses its text and keeps its place.
 */
export interface MessageDeleted {
  type: 'MessageDeleted';
  data: {
    target: EventId;
    by: ActorId;
    reason?: Reason;
  };
}
/**
 * What `person` says is voided where its number is higher than this one's and its `at` is before the end of the ban. A moderator's ban does not apply to what moderators say; the operator's does.
 */
export interface PersonBanned {
  type: 'PersonBanned';
  data: {
    person: ActorId;
    /**
     * For how long, from the event's `at`; for good where absent.
     */
    seconds?: number;
    /**
     * Their messages with lower numbers are hidden too, and stay so.
     */
    hide?: true;
    reason?: Reason;
  };
}
/**
 * `person` may write again. What was voided or hidden stays so.
 */
export interface PersonUnbanned {
  type: 'PersonUnbanned';
  data: {
    person: ActorId;
  };
}
/**
 * The operator erased what `person` said below this number, and their name and picture with it. The log has none of it any more; readers drop what they have. The person may write again.
 */
export interface PersonErased {
  type: 'PersonErased';
  data: {
    person: ActorId;
  };
}
/**
 * Rules of the room, from here on. What is absent stays as it was.
 */
export interface RoomChanged {
  type: 'RoomChanged';
  data: {
    slow?: Slow;
    locked?: Locked;
    /**
     * null: none any more.
     */
    pinned?: Pinned | null;
  };
}
/**
 * The message that is shown on top. `seq` is where to load it: `GET /chat-history?before=<seq + 1>&limit=1`.
 */
export interface Pinned {
  id: EventId;
  seq: number;
}
/**
 * Stands in `GET /events` for a number whose event is gone: an operator removed it, or a table was restored. It is in no log. Readers count the number and show nothing.
 */
export interface NumberVacant {
  type: 'NumberVacant';
  data: {};
}
/**
 * A message as it is now: the fold of its events. A deleted one keeps its place and loses its text.
 */
export interface Message {
  seq: number;
  id: EventId;
  at: number;
  actor: Actor;
  text?: string;
  deleted?: true;
  /**
   * Somebody else than its author deleted it.
   */
  byModerator?: true;
}
export interface SendMessage {
  action: 'sendMessage';
  /**
   * Plain text. At most MAX_TEXT_GRAPHEMES graphemes and 2,048 bytes of UTF-8; longer is `too_large`.
   */
  text: string;
  clientMessageId?: ClientMessageId;
}
/**
 * Deletes the message `target`. Its author may, and a moderator.
 */
export interface DeleteMessage {
  action: 'deleteMessage';
  target: EventId;
  reason?: Reason;
  clientMessageId?: ClientMessageId;
}
/**
 * Bans a person from this room. A moderator may. It does not bind other moderators.
 */
export interface BanPerson {
  action: 'banPerson';
  person: ActorId;
  /**
   * For how long; for good where absent.
   */
  seconds?: number;
  /**
   * Hides what they said before as well.
   */
  hide?: true;
  reason?: Reason;
  clientMessageId?: ClientMessageId;
}
/**
 * Ends a ban. A moderator may. What was hidden stays hidden.
 */
export interface UnbanPerson {
  action: 'unbanPerson';
  person: ActorId;
  clientMessageId?: ClientMessageId;
}
/**
 * Changes rules of the room. A moderator may. What is absent stays as it is.
 */
export interface ChangeRoom {
  action: 'changeRoom';
  slow?: Slow;
  locked?: Locked;
  /**
   * The message to show on top; null for none.
   */
  pinned?: EventId | null;
  clientMessageId?: ClientMessageId;
}
/**
 * Tells the moderators of a message. Anyone signed in may, once for each message: a second time changes nothing. It appends nothing, and no other reader learns of it.
 */
export interface ReportMessage {
  action: 'reportMessage';
  target: EventId;
  reason?: Reason;
  clientMessageId?: ClientMessageId;
}
export interface Ping {
  action: 'ping';
}
export interface Authenticate {
  action: 'authenticate';
  /**
   * A fresh access token of the same person, or, on a guest's connection, of anyone.
   */
  token: string;
}
/**
 * The event `id` is durable in the log. Its number follows with the `events` frame. Where the command would have changed nothing, or reports a message, nothing is appended and `id` is its target.
 */
export interface Ack {
  type: 'ack';
  clientMessageId: ClientMessageId;
  id: EventId;
  /**
   * The message `id` is deleted.
   */
  deleted?: true;
}
export interface Pong {
  type: 'pong';
  epoch: Epoch;
  head: Head;
  people?: People;
  role?: Role;
}
export interface Authenticated {
  type: 'authenticated';
  /**
   * When this connection's token ends, ms since 1970.
   */
  expiresAt: number;
  role?: Role;
}
/**
 * The frame was refused; the socket stays open. After a `rate_limited`, five more frames before `retryAfterMs` is over close it.
 */
export interface ErrorFrame {
  type: 'error';
  code: ErrorCode;
  /**
   * A sentence for a developer.
   */
  message: string;
  clientMessageId?: ClientMessageId;
  retryAfterMs?: number;
  rule?: Rule;
  /**
   * When a ban ends, ms since 1970; absent for one for good.
   */
  until?: number;
}
/**
 * Ascending by seq; at most 32 KB as UTF-8.
 */
export interface EventsFrame {
  type: 'events';
  room: Room;
  epoch: Epoch;
  /**
   * @minItems 1
   */
  events: SequencedEvent[];
  people?: People;
}
export interface ConnectQuery {
  room?: Room;
}
export interface ChatHistoryQuery {
  room?: Room;
  before?: SeqParameter;
  limit?: LimitParameter;
}
export interface EventsQuery {
  room?: Room;
  after: SeqParameter;
  limit?: LimitParameter;
}
export interface ReportsQuery {
  room?: Room;
}
/**
 * Newest first, as the messages are now.
 */
export interface ChatHistoryPage {
  epoch: Epoch;
  /**
   * Without `before`: the number this page is complete up to, so (epoch, head) is the position to resume from. With it: the room's head.
   */
  head: number;
  messages: Message[];
  /**
   * Pass as `before` for the next page; null at the end.
   */
  nextBefore: number | null;
  rules?: RoomRules;
}
/**
 * What a room's rules show to everyone. On the newest page, where any was ever set.
 */
export interface RoomRules {
  /**
   * The number of the event that changed the rules last: a RoomChanged with it, or with a lower number, is in here.
   */
  at: number;
  slow?: Slow;
  locked?: Locked;
  pinned?: Pinned;
}
/**
 * For moderators: what was reported and is still shown, the latest report first, the bans in force and the rules.
 */
export interface Reports {
  reports: ReportedMessage[];
  bans: Ban[];
  rules?: RoomRules;
}
export interface ReportedMessage {
  message: Message;
  /**
   * @minItems 1
   */
  reports: Report[];
}
export interface Report {
  by: Actor;
  /**
   * ms since 1970.
   */
  at: number;
  reason?: Reason;
}
export interface Ban {
  person: ActorId;
  /**
   * As they were called last; absent for somebody who never wrote here.
   */
  name?: string;
  /**
   * ms since 1970; absent for good.
   */
  until?: number;
  /**
   * Only the operator can end it.
   */
  byOperator?: true;
}
/**
 * Ascending and contiguous from `after` + 1; ends before a hole. May be shorter than asked: ask again from its last seq while that is below `head`.
 */
export interface EventsPage {
  epoch: Epoch;
  head: Head;
  events: SequencedEvent[];
}
/**
 * What a widget needs to know, all of it public.
 */
export interface Config {
  webSocketUrl: string;
  /**
   * OpenID Connect issuer; its discovery document is at /.well-known/openid-configuration.
   */
  issuer: string;
  clientId: string;
  /**
   * Sent as `audience` and as `resource` (RFC 8707): issuers read one or the other.
   */
  audience: string;
  scope: string;
  nameClaim: string;
  /**
   * Whether the feed is readable without signing in.
   */
  guests: boolean;
  /**
   * Origins that pictures of people may load from; a picture from elsewhere is not shown. None where absent.
   */
  pictureOrigins?: string[];
  /**
   * Origins whose pages sign people in without a question of ours. None where absent.
   */
  allowedOrigins?: string[];
  /**
   * Exact addresses of pages that may receive a sign-in as a redirect without a question of ours. None where absent.
   */
  returnPages?: string[];
  limits: {
    textGraphemes: number;
    textBytes: number;
    pageSize: number;
  };
}
/**
 * The body of every HTTP answer of 400 or more.
 */
export interface Problem {
  code: ErrorCode;
  message: string;
  retryAfterMs?: number;
  rule?: Rule;
}

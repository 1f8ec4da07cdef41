// Generated from schemas/ by `npm run generate`. Do not edit.
import type { Authenticate, ChatHistoryQuery, ConnectQuery, DeleteMessage, EventsQuery, Ping, SendMessage } from '../../domain/schema.generated.ts';

export interface ValidationIssue {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}

export interface Validate<T> {
  (value: unknown): value is T;
  errors?: ValidationIssue[] | null;
}

export declare const sendMessage: Validate<SendMessage>;
export declare const deleteMessage: Validate<DeleteMessage>;
export declare const ping: Validate<Ping>;
export declare const authenticate: Validate<Authenticate>;
export declare const connectQuery: Validate<ConnectQuery>;
export declare const chatHistoryQuery: Validate<ChatHistoryQuery>;
export declare const eventsQuery: Validate<EventsQuery>;

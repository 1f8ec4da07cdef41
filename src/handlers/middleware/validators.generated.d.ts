// Generated from schemas/ by `npm run generate`. Do not edit.
import type { Authenticate, BanPerson, ChangeRoom, ChatHistoryQuery, ConnectQuery, DeleteMessage, EventsQuery, Ping, ReportMessage, ReportsQuery, SendMessage, UnbanPerson } from '../../domain/schema.generated.ts';

export interface ValidationIssue {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}

/** What @middy/validator takes as eventSchema. */
export interface Validate<T> {
  (event: unknown): event is T;
  errors?: ValidationIssue[] | null;
}

export declare const sendMessage: Validate<{ body: SendMessage }>;
export declare const deleteMessage: Validate<{ body: DeleteMessage }>;
export declare const banPerson: Validate<{ body: BanPerson }>;
export declare const unbanPerson: Validate<{ body: UnbanPerson }>;
export declare const changeRoom: Validate<{ body: ChangeRoom }>;
export declare const reportMessage: Validate<{ body: ReportMessage }>;
export declare const ping: Validate<{ body: Ping }>;
export declare const authenticate: Validate<{ body: Authenticate }>;
export declare const connectQuery: Validate<{ queryStringParameters: ConnectQuery }>;
export declare const chatHistoryQuery: Validate<{ queryStringParameters: ChatHistoryQuery }>;
export declare const eventsQuery: Validate<{ queryStringParameters: EventsQuery }>;
export declare const reportsQuery: Validate<{ queryStringParameters: ReportsQuery }>;

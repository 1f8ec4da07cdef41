// Generated from schemas/ by `npm run generate`. Do not edit.
import type { ChatHistoryQuery } from '../../domain/schema.generated.ts';
import type { Validate } from '../middleware/validate.ts';

export declare const chatHistoryQuery: Validate<{ queryStringParameters: ChatHistoryQuery }>;

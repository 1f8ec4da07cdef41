// Generated from schemas/ by `npm run generate`. Do not edit.
import type { EventsQuery } from '../../domain/schema.generated.ts';
import type { Validate } from '../middleware/validate.ts';

export declare const eventsQuery: Validate<{ queryStringParameters: EventsQuery }>;

// Generated from schemas/ by `npm run generate`. Do not edit.
import type { ConnectQuery } from '../../domain/schema.generated.ts';
import type { Validate } from '../middleware/validate.ts';

export declare const connectQuery: Validate<{ queryStringParameters: ConnectQuery }>;

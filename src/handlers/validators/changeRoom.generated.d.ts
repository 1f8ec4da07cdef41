// Generated from schemas/ by `npm run generate`. Do not edit.
import type { ChangeRoom } from '../../domain/schema.generated.ts';
import type { Validate } from '../middleware/validate.ts';

export declare const changeRoom: Validate<{ body: ChangeRoom }>;

// Generated from schemas/ by `npm run generate`. Do not edit.
import type { DeleteMessage } from '../../domain/schema.generated.ts';
import type { Validate } from '../middleware/validate.ts';

export declare const deleteMessage: Validate<{ body: DeleteMessage }>;

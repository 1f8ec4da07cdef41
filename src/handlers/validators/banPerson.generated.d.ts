// Generated from schemas/ by `npm run generate`. Do not edit.
import type { BanPerson } from '../../domain/schema.generated.ts';
import type { Validate } from '../middleware/validate.ts';

export declare const banPerson: Validate<{ body: BanPerson }>;

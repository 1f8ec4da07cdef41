import { banPerson } from './ban-person.ts';
import { changeRoom } from './change-room.ts';
import type { Command } from './command.ts';
import { deleteMessage } from './delete-message.ts';
import { sendMessage } from './send-message.ts';
import { unbanPerson } from './unban-person.ts';

/**
 * Every command that appends an event. Functions and roles are made from this list (resources/commands.js). No Lambda
 * imports it: each holds its own command only.
 */
export const commands: readonly Command<never>[] = [sendMessage, deleteMessage, banPerson, unbanPerson, changeRoom];

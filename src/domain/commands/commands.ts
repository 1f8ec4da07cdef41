/**
 * Every command that appends an event. Functions and roles are made from these exports (resources/commands.js). No Lambda
 * imports this file: each holds its own command only.
 */
export { banPerson } from './ban-person.ts';
export { changeRoom } from './change-room.ts';
export { deleteMessage } from './delete-message.ts';
export { sendMessage } from './send-message.ts';
export { unbanPerson } from './unban-person.ts';

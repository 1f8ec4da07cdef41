/**
 * Every command that appends an event. resources/commands.js makes the Lambda functions and their permissions from
 * these exports. No handler imports this file, because each Lambda function contains its own command only.
 */
export { banPerson } from './ban-person.ts';
export { changeRoom } from './change-room.ts';
export { deleteMessage } from './delete-message.ts';
export { sendMessage } from './send-message.ts';
export { unbanPerson } from './unban-person.ts';

import { deleteMessage } from '../domain/commands/delete-message.ts';
import { commandPorts } from '../infra/composition.ts';
import { commandHandler } from './command-handler.ts';
import { deleteMessage as isDeleteMessage } from './validators/deleteMessage.generated.js';

export const handler = commandHandler(deleteMessage, isDeleteMessage, commandPorts);

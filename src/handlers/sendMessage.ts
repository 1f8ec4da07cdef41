import { sendMessage } from '../domain/commands/send-message.ts';
import { commandPorts } from '../infra/composition.ts';
import { commandHandler } from './command-handler.ts';
import { sendMessage as isSendMessage } from './validators/sendMessage.generated.js';

export const handler = commandHandler(sendMessage, isSendMessage, commandPorts);

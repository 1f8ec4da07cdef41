import { changeRoom } from '../domain/commands/change-room.ts';
import { commandPorts } from '../infra/composition.ts';
import { commandHandler } from './command-handler.ts';
import { changeRoom as isChangeRoom } from './validators/changeRoom.generated.js';

export const handler = commandHandler(changeRoom, isChangeRoom, commandPorts);

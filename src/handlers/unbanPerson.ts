import { unbanPerson } from '../domain/commands/unban-person.ts';
import { commandPorts } from '../infra/composition.ts';
import { commandHandler } from './command-handler.ts';
import { unbanPerson as isUnbanPerson } from './validators/unbanPerson.generated.js';

export const handler = commandHandler(unbanPerson, isUnbanPerson, commandPorts);

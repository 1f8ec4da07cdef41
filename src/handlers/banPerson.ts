import { banPerson } from '../domain/commands/ban-person.ts';
import { commandPorts } from '../infra/composition.ts';
import { commandHandler } from './command-handler.ts';
import { banPerson as isBanPerson } from './validators/banPerson.generated.js';

export const handler = commandHandler(banPerson, isBanPerson, commandPorts);

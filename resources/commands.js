import * as commands from '../src/domain/commands/commands.ts';

/** The Lambdas of all commands. A Lambda and its route have the command's name. All have the same environment. */
export const functions = Object.fromEntries(
  Object.values(commands).map(({ name }) => [
    name,
    {
      handler: `src/handlers/${name}.handler`,
      role: roleOf(name),
      environment: '${self:custom.environment.command}',
      events: [{ websocket: { route: name, routeResponseSelectionExpression: '$default' } }],
    },
  ]),
);

/**
 * The IAM actions that each command needs on the Events table. A key is the name of the command's role without `Role`,
 * such as `SendMessage`.
 * @type {Record<string, string[]>}
 */
export const eventActions = Object.fromEntries(
  Object.values(commands).map(({ name, needs, amends }) => [
    name[0].toUpperCase() + name.slice(1),
    [
      // Reads the room's rules.
      ...(needs?.rules ? ['dynamodb:BatchGetItem'] : []),
      // Reads the target. Also looks whether the command's event is in the log, if the command is refused or changes
      // nothing.
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      // Amends the target, in one TransactWriteItems with the append. TransactWriteItems has no IAM action of its own,
      // but needs the actions of the writes in it.
      ...(amends ? ['dynamodb:UpdateItem'] : []),
    ],
  ]),
);

function roleOf(name) {
  return `${name[0].toUpperCase()}${name.slice(1)}Role`;
}

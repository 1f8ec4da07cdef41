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
      // Reads the target. If the command is refused or changes nothing, also looks whether an earlier attempt has
      // appended its event.
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      // Amends the target. The same TransactWriteItems appends the event. It has no IAM action of its own, but needs
      // the actions of the writes in it.
      ...(amends ? ['dynamodb:UpdateItem'] : []),
    ],
  ]),
);

function roleOf(name) {
  return `${name[0].toUpperCase()}${name.slice(1)}Role`;
}

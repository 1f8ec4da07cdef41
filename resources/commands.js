import * as commands from '../src/domain/commands/commands.ts';

/** The Lambda of every command: its route has the command's name, and all have one environment. */
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
 * What each command does to the events table, by the name of its role.
 * @type {Record<string, string[]>}
 */
export const eventActions = Object.fromEntries(
  Object.values(commands).map(({ name, needs, amends }) => [
    name[0].toUpperCase() + name.slice(1),
    [
      // What holds in the room.
      ...(needs?.rules ? ['dynamodb:BatchGetItem'] : []),
      // The target, and what a rule would refuse and is in the log already.
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      // Its target, with the append, in one TransactWriteItems. That has no action of its own, it needs those of its parts.
      ...(amends ? ['dynamodb:UpdateItem'] : []),
    ],
  ]),
);

function roleOf(name) {
  return `${name[0].toUpperCase()}${name.slice(1)}Role`;
}

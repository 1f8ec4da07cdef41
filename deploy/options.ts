import { parseArgs } from 'node:util';

export interface Options {
  stage: string;
  region: string;
  /** Whether `npm run remove` deletes the messages, too. */
  deleteEvents: boolean;
}

/** Names that no stage can have. A stage's name is the path of its WebSocket, and the site uses these paths itself. */
const TAKEN = ['config', 'events', 'chat-history', 'reports', 'pages'];

/** Reads the arguments of a command. @throws Error that says which argument is missing or wrong */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stage: { type: 'string' },
      region: { type: 'string', default: env.AWS_REGION || 'eu-central-1' },
      'delete-events': { type: 'boolean', default: false },
    },
  });
  const { stage, region, 'delete-events': deleteEvents } = values;
  if (!stage) throw new Error('Say which stage: --stage prod');
  // A stage's name cannot end in `-edge`: for example, the stack `shout-box-prod-edge` holds alarms of the stage `prod`
  // (edge-alarms.ts).
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(stage) || TAKEN.includes(stage) || stage.endsWith('-edge')) {
    throw new Error(
      `"${stage}" cannot be a stage: up to 30 of a-z, 0-9 and -, without -edge at its end, and none of ${TAKEN.join(', ')}.`,
    );
  }
  return { stage, region, deleteEvents };
}

/**
 * Returns the arguments that name a stack, for a command that needs none for the stack on this machine.
 * @throws Error if one of them is empty, because an unset variable of a script must not stand for this machine
 */
export function stackArguments({
  stage,
  region,
}: {
  stage?: string | undefined;
  region?: string | undefined;
}): string[] {
  if (stage === '' || region === '') throw new Error('--stage and --region need a value.');
  return [...(stage ? ['--stage', stage] : []), ...(region ? ['--region', region] : [])];
}

export const stackName = ({ stage }: Pick<Options, 'stage'>) => `shout-box-${stage}`;
export const eventsTable = (options: Pick<Options, 'stage'>) => `${stackName(options)}-events`;

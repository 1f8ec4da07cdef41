import middy from '@middy/core';
import { ShoutError } from '../domain/errors.ts';
import { ACTIONS } from '../domain/schema.generated.ts';
import { framePorts } from '../infra/composition.ts';
import { errorFrames } from './middleware/errors.ts';
import { identify } from './middleware/identify.ts';
import { parse } from './middleware/parse.ts';
import { closeFlooding } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';

const { admission, close, dialLimits, runtime, telemetry } = framePorts;

/** `$default`: every frame that no other route takes, JSON or not. */
export const handler = middy<{ body: unknown }>()
  .use(trace('default', telemetry, runtime.now))
  .use(errorFrames(telemetry))
  .use(closeFlooding(admission, close, dialLimits))
  .use(identify(admission, { guests: true, expired: true }, runtime.now))
  .use(parse())
  .handler(async ({ body }) => {
    const action = (body as { action?: unknown } | null)?.action;
    if (typeof action !== 'string') throw new ShoutError('invalid_message', 'Send a JSON object with an `action`.');
    const actions = `${ACTIONS.slice(0, -1).join(', ')} or ${ACTIONS.at(-1)}`;
    throw new ShoutError('unknown_action', `There is no such action. Try ${actions}.`);
  });

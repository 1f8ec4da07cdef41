import middy from '@middy/core';
import { MAX_TEXT_BYTES } from '../domain/commands/send-message.ts';
import type { Config } from '../domain/schema.generated.ts';
import { originSecrets, publicSettings, runtime, telemetry } from '../infra/composition.ts';
import { behindDistribution } from './middleware/behind-distribution.ts';
import { errorStatus } from './middleware/errors.ts';
import { json } from './middleware/http.ts';
import { trace } from './middleware/trace.ts';

/** `GET /config`: what a widget needs to know before anyone has signed in. */
export const handler = middy()
  .use(trace('config', telemetry, runtime.now))
  .use(errorStatus(telemetry))
  .use(behindDistribution(originSecrets))
  .handler(async () => {
    const { maxTextGraphemes, pageSizeMax, ...rest } = publicSettings();
    const limits = { textGraphemes: maxTextGraphemes, textBytes: MAX_TEXT_BYTES, pageSize: pageSizeMax };
    const config: Config = {
      ...rest,
      pictureOrigins: [...rest.pictureOrigins],
      allowedOrigins: [...rest.allowedOrigins],
      returnPages: [...rest.returnPages],
      limits,
    };
    return json(config, 'public, max-age=60');
  });

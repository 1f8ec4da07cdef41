import { reportMessage } from '../domain/governance/report-message.ts';
import type { Ack, ReportMessage } from '../domain/schema.generated.ts';
import { eventLog, framePorts, reportLimiter, reports } from '../infra/composition.ts';
import { answer, frameChain } from './frame-chain.ts';
import type { IdentifiedPerson } from './middleware/identify.ts';
import { rateLimitPerson } from './middleware/rate-limit.ts';
import { reportMessage as isReportMessage } from './validators/reportMessage.generated.js';

const who = { guests: false, limit: rateLimitPerson(reportLimiter) };
const chain = frameChain<ReportMessage, IdentifiedPerson>('reportMessage', isReportMessage, who, framePorts);

/** `reportMessage` reports a message to the moderators, and to nobody else. */
export const handler = chain.handler(async ({ body }, { connection: { room, actor } }) => {
  const { createId, now } = framePorts.runtime;
  const clientMessageId = body.clientMessageId ?? createId();
  const reporter = { room, actor, clientMessageId, at: now() };
  const { deleted } = await reportMessage(body, reporter, { log: eventLog(), reports: reports() });
  const ack: Ack = { type: 'ack', clientMessageId, id: body.target, ...(deleted ? { deleted } : {}) };
  return answer(ack);
});

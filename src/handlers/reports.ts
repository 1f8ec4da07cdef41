import { readRoom } from '../domain/admission/read-room.ts';
import { ShoutError } from '../domain/errors.ts';
import { moderationPage } from '../domain/governance/moderation-page.ts';
import { queryPorts, readRoomPorts, reports, runtime, tracedEventLog } from '../infra/composition.ts';
import { json } from './middleware/http.ts';
import { queryChain } from './query-chain.ts';
import { reportsQuery } from './validators/reportsQuery.generated.js';

/** `GET /reports`: the bans, rules and reported messages of a room, for moderators only. */
export const handler = queryChain('reports', reportsQuery, queryPorts).handler(async (event, { caller }) => {
  const { room = 'lobby' } = event.queryStringParameters;
  if (!caller) throw new ShoutError('unauthenticated', 'Send `Authorization: Bearer <access token>`.');
  if (caller.actor.role !== 'moderator') throw new ShoutError('forbidden', 'Only moderators may do this.');
  await readRoom(room, caller, readRoomPorts(), runtime.now());
  return json(await moderationPage(room, { log: tracedEventLog(), reports: reports() }, runtime.now()));
});
